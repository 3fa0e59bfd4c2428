/** Which file an include means (language.md 2.2: the way a run resolves it). */
import { type FileTree, folderOf, resolvePath } from './file-tree.ts';
import { inProject, isRemote, PROJECT_ROOT } from './project-paths.ts';

/** `certain`: a run would not find it either; otherwise it is only we who do not read it. */
export type ResolvedInclude =
  | { readonly path: string; readonly note?: string }
  | { readonly path: undefined; readonly reason: string; readonly certain: boolean };

/** `./x` → `x.nf`, else the folder's `main.nf`, else the file as named. `scope/name` → `modules/scope/name/main.nf`. */
export function resolveInclude(tree: FileTree, folder: string, source: string): ResolvedInclude {
  if (source === '') return { path: undefined, certain: true, reason: 'the path is empty' };
  if (isRemote(source)) return { path: undefined, certain: false, reason: 'it is a remote path, and pipeopt never uses the network' };
  const named = inProject(source, folder);
  if (named === undefined)
    return { path: undefined, certain: false, reason: 'it is an absolute path outside the pipeline, which is not read' };
  const registry =
    !source.startsWith('./') &&
    !source.startsWith('../') &&
    !source.startsWith(PROJECT_ROOT) &&
    /^[a-z0-9][\w.-]*(\/[a-z][\w.-]*)+$/.test(source);
  const candidates = registry ? [`modules/${source}/main.nf`, named] : [named];
  for (const path of candidates) {
    if (!path.endsWith('.nf') && tree.stat(`${path}.nf`) === 'file') {
      const both = tree.stat(`${path}/main.nf`) === 'file';
      return both
        ? { path: `${path}.nf`, note: `both ${path}.nf and ${path}/main.nf are there: a run reads the first, nextflow lint the second` }
        : { path: `${path}.nf` };
    }
    const stat = tree.stat(path);
    if (stat === 'file') return { path };
    if (stat === 'folder' && tree.stat(`${path}/main.nf`) === 'file') return { path: `${path}/main.nf` };
    if (stat === 'folder') return { path: undefined, certain: true, reason: `the folder ${path} has no main.nf` };
  }
  if (registry && tree.stat(`modules/${source}`) === undefined) {
    return {
      path: undefined,
      certain: false,
      reason: `the module ${source} is not in modules/: Nextflow would install it at the first run`,
    };
  }
  const missing = candidates[0] as string;
  const trouble = tree.trouble(`${missing}.nf`) ?? tree.trouble(missing);
  return {
    path: undefined,
    certain: trouble === undefined,
    reason: trouble ?? `there is neither ${missing.endsWith('.nf') ? missing : `${missing}.nf`} nor ${missing}/main.nf`,
  };
}

/** Longer paths nobody has mistyped. */
const LONGEST_NAMED = 1000;

/** Scripts in the folder that was meant, for a hint: those with a like name first. */
export function nearestPaths(tree: FileTree, folder: string, source: string): string[] {
  const named = inProject(source, folder);
  if (named === undefined || named.length > LONGEST_NAMED) return [];
  let at = folderOf(named);
  while (at !== '' && tree.stat(at) !== 'folder') at = folderOf(at);
  const wanted = named
    .slice(at === '' ? 0 : at.length + 1)
    .replace(/\.nf$/, '')
    .toLowerCase();
  const found = tree.list(at).filter((name) => name.endsWith('.nf') || tree.stat(resolvePath(at, `${name}/main.nf`)) === 'file');
  return found
    .map((name) => ({ path: resolvePath(at, name), alike: likeness(name.replace(/\.nf$/, '').toLowerCase(), wanted) }))
    .sort((one, two) => two.alike - one.alike)
    .filter((one) => one.alike > 0.4 && one.path !== named && one.path !== `${named}.nf`)
    .slice(0, 3)
    .map((one) => one.path);
}

/** Share of letter pairs in common: 1 for the same word, 0 for nothing alike. */
function likeness(one: string, two: string): number {
  const pairs = (word: string): string[] => Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
  const [left, right] = [pairs(one), pairs(two)];
  if (left.length + right.length === 0) return one === two ? 1 : 0;
  const rest = right.slice();
  let common = 0;
  for (const pair of left) {
    const at = rest.indexOf(pair);
    if (at === -1) continue;
    rest.splice(at, 1);
    common += 1;
  }
  return (2 * common) / (left.length + right.length);
}
