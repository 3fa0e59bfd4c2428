/**
 * Documentation's examples are tests: what README and its neighbours say to type exists, what they show is what is printed,
 * and the files that they name are there.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Host, nodeHost } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';
import { isOperator } from '../../src/parser/graph/operators.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

async function pipeopt(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const sink = { isTTY: false, write: (text: string) => void (out += text) };
  const host: Host = { ...nodeHost(), cwd: root, env: {}, stdout: sink, stderr: sink };
  return { code: await main(['node', 'pipeopt', ...args], host), out };
}

function blocksOf(page: string, language: string): string[] {
  return [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] as string);
}

/** Each `pipeopt …` that a page says to type, without comments and what it is piped into. */
function commandsOf(page: string): string[][] {
  const lines = [...blocksOf(page, 'sh'), ...blocksOf(page, 'console')].flatMap((block) => block.split('\n'));
  return lines.flatMap((line) =>
    line
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\||>/)
      .map((part) => part.trim().replace(/^\$ /, ''))
      .filter((part) => /^(npx )?pipeopt\b/.test(part))
      .map((part) => part.replace(/^(npx )?pipeopt\s*/, '').split(/\s+/)),
  );
}

const COMMANDS = ['analyze', 'graph', 'probe', 'experiment', 'rules', 'explain', 'prices', 'help'];

describe.each(PAGES)('%s', (page) => {
  test('names commands and flags that there are', async () => {
    for (const words of commandsOf(page)) {
      const command = COMMANDS.includes(words[0] ?? '') ? (words[0] as string) : 'analyze';
      const { code, out } = await pipeopt(command, '--help');
      expect(code).toBe(0);
      for (const flag of words.filter((word) => /^--?[a-z]/.test(word))) {
        if (flag === '--version') continue;
        expect(out, `pipeopt ${words.join(' ')}`).toMatch(new RegExp(`(^|[\\s,])${flag.replace(/=.*/, '')}(?=[\\s,])`, 'm'));
      }
    }
  });

  test('names npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run (?:-s )?([\w-]+)/g)].map((match) => match[1] as string);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('names files that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => join(dirname(page), match[1] as string));
    const paths = [...read(page).matchAll(/`((?:src|test|docs|fixtures|scripts|bench|bin|\.ci)\/[\w./-]*)`/g)].map(
      (match) => match[1] as string,
    );
    expect([...links, ...paths].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/**
 * In README a line `…` stands for lines left out. The parts between are there, in this order. With UPDATE_EXPECTED=1 each part is
 * written anew: as many lines as before, from the line with which it began.
 */
test('README shows what is printed', async () => {
  const shown = blocksOf('README.md', 'console')[0] as string;
  const [first = '', ...lines] = shown.trimEnd().split('\n');
  const { code, out } = await pipeopt(...first.replace(/^\$ npx pipeopt /, '').split(' '));
  expect(code).toBe(0);
  const printed = out.split('\n');
  const parts = lines.join('\n').split(/^ *…\n/m);
  let at = 0;
  const now = parts.map((part) => {
    const wanted = part.replace(/\n$/, '').split('\n');
    const start = printed.findIndex((line, index) => index >= at && line === (wanted[0] === '' ? wanted[1] : wanted[0]));
    if (start === -1) return part;
    const from = wanted[0] === '' ? start - 1 : start;
    at = from + wanted.length;
    return `${printed.slice(from, at).join('\n')}${part.endsWith('\n') ? '\n' : ''}`;
  });
  const expected = [first, now.join('  …\n'), ''].join('\n');
  if (process.env.UPDATE_EXPECTED)
    writeFileSync(
      join(root, 'README.md'),
      read('README.md').replace(shown, () => expected),
    );
  expect(shown, 'UPDATE_EXPECTED=1 npx vitest run test/house writes it anew; read it').toBe(expected);
});

test('the two commands of README are its first', () => {
  const commands = blocksOf('README.md', 'sh').join('\n');
  expect(commands).toContain('npm install && npx pipeopt analyze fixtures/pipelines/forty-two');
  expect(commands).toContain('npm install && npm test');
});

test('docs/language.md lists operators that are known', () => {
  const section = /^## Operators\n([\s\S]*?)^## /m.exec(read('docs/language.md'))?.[1] ?? '';
  const table = section.split('\n').filter((line) => line.startsWith('|'));
  const names = table.flatMap((line) => [...line.matchAll(/`(\w+)`/g)].map((match) => match[1] as string));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !isOperator(name))).toEqual([]);
});

test('the pages list each rule', () => {
  const ids = readdirSync(join(root, 'src/analysis/rules'))
    .filter((name) => name !== 'index.ts')
    .map((name) => name.replace(/\.ts$/, ''));
  for (const id of ids) expect(read('README.md'), id).toContain(`docs/rules/${id}.md`);
});
