// Where the harnesses find public pipelines: a folder of checkouts, each named OWNER__REPO@COMMIT (12 digits) or
// OWNER__REPO (the newest). What is not there is written there from bare mirrors, when a folder of those is given:
// OWNER+REPO/repo or OWNER__REPO.git. Nothing is fetched, and nothing of it belongs into this repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Pictures and the like, which no pipeline is read for. */
const UNREAD = /\.(png|jpe?g|gif|svg|pdf|pptx|mp4)$/i;
const MAX_BYTES = 1 << 30;
const COMMIT = '.git/commit';

function mirrorOf(mirrors, repo) {
  const [owner, name] = repo.split('/');
  return [join(mirrors, `${owner}+${name}`, 'repo'), join(mirrors, `${owner}__${name}.git`)].find((path) => existsSync(path));
}

const git = (mirror, ...args) =>
  execFileSync('git', ['--git-dir', mirror, ...args], { maxBuffer: MAX_BYTES, stdio: ['ignore', 'pipe', 'ignore'] });

/** Writes one commit's files. What the mirror lacks (large files) is left out. */
function writeCommit(mirror, commit, folder) {
  const entries = git(mirror, 'ls-tree', '-r', '-z', commit)
    .toString()
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode, type, id] = line.slice(0, tab).split(' ');
      return { mode, type, id, path: line.slice(tab + 1) };
    })
    .filter(({ type, path }) => type === 'blob' && !UNREAD.test(path));
  const input = entries.map(({ id }) => `${id}\n`).join('');
  const { stdout } = spawnSync('git', ['--git-dir', mirror, 'cat-file', '--batch'], { input, maxBuffer: MAX_BYTES });
  let at = 0;
  for (const { mode, path } of entries) {
    const end = stdout.indexOf(10, at);
    const header = stdout.subarray(at, end).toString();
    at = end + 1;
    if (header.endsWith(' missing')) continue;
    const size = Number(header.split(' ')[2]);
    const content = stdout.subarray(at, at + size);
    at += size + 1;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (mode === '120000') symlinkSync(content.toString(), target);
    else writeFileSync(target, content, { mode: mode === '100755' ? 0o755 : 0o644 });
  }
}

/** The folder that holds REPO at COMMIT (a full id, or HEAD), or undefined with nothing to make it from. */
export function checkoutOf(pipelines, mirrors, repo, commit) {
  const name = repo.replace('/', '__');
  const folder = join(pipelines, commit === 'HEAD' ? name : `${name}@${commit.slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const mirror = mirrors === undefined ? undefined : mirrorOf(mirrors, repo);
  if (mirror === undefined) return undefined;
  const id = git(mirror, 'rev-parse', `${commit}^{commit}`).toString().trim();
  const part = `${folder}.${process.pid}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  writeCommit(mirror, id, part);
  // An empty .git is what tells pipeopt where the repository ends.
  mkdirSync(join(part, '.git'));
  writeFileSync(join(part, COMMIT), `${id}\n`);
  renameSync(part, folder);
  return folder;
}

/** The commit that a checkout made here is of. */
export function commitOf(folder) {
  const path = join(folder, COMMIT);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  try {
    return execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch (error) {
    if (error.status === undefined) throw error;
    return undefined;
  }
}
