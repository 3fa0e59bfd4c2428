/** `sed 's/a/b/' file`, `grep -f words file`, `awk -v a=b '{…}' file`: a program, then files. */
import type { SourceRange } from '../../source/source-file.ts';
import type { CommandHost } from './builtins.ts';
import { behind, headOf, literalOf, nameOf, textWord, type Word } from './names.ts';
import { everything, isLoose } from './tool-use.ts';

type Read = (host: CommandHost, name: string, words: readonly Word[], place: SourceRange) => void;

export const awk: Read = (host, name, words, place) => {
  const { effects } = host;
  const fromFile = words.some((word) => /^-f/.test(headOf(word)));
  const [program, files] = programAndFiles(host, name, words, place, /^-[fF vi]$|^-(v|F|f|i)$/, !fromFile);
  for (const word of program) {
    const text = textIn(word);
    if (/getline|\bARG[VC]\b|\bsystem\s*\(/.test(text)) effects.failOwn(place, `${name} reads files or runs commands of its own`);
    if (/\bprintf?\b[^;}]*(>|\|)/.test(text)) effects.writesMore = true;
  }
  // `awk '{…}' limit=3 table.tsv`
  readEach(
    host,
    files.filter((word) => !/^\w+=/.test(headOf(word)) || isLoose(word)),
  );
};

export const sed: Read = (host, name, words, place) => {
  const { effects } = host;
  const texts = words.map(literalOf);
  const leads = !texts.some((text) => /^(-\w*e|-f|--expression(=|$)|--file(=|$))/.test(text ?? ''));
  const [program, files] = programAndFiles(host, name, words, place, /^(-e|-f|-l|--expression|--file)$/, leads);
  if (program.some((word) => opensFiles(textIn(word)))) effects.failOwn(place, `${name} opens files that its program names`);
  readEach(host, files);
  if (texts.some((text) => /^(-i|-[nErsz]*i|--in-place)/.test(text ?? ''))) for (const read of effects.reads.slice()) effects.write(read);
};

export const grep: Read = (host, name, words, place) => {
  const leads = !words.some((word) => /^(-\w*[ef]|--regexp(=|$)|--file(=|$))/.test(literalOf(word) ?? ''));
  const valued = /^(-e|-f|-m|-A|-B|-C|--max-count|--file|--regexp)$/;
  const [, files] = programAndFiles(host, name, words, place, valued, leads);
  readEach(host, files);
  if (/^e?grep$/.test(name) && words.some((word) => /^-\w*r/.test(headOf(word)))) host.effects.read(everything(textWord('*', place)));
};

/** Words that hold the program, and those that are files. `leads`: the first word that is no option is the program. */
function programAndFiles(
  host: CommandHost,
  name: string,
  words: readonly Word[],
  place: SourceRange,
  valued: RegExp,
  leads: boolean,
): readonly [readonly Word[], readonly Word[]] {
  const program: Word[] = [];
  const files: Word[] = [];
  host.say(name, undefined, undefined, place);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const head = headOf(word);
    const isSeen = !leads || program.length > 0;
    if (/^-./.test(head) && !(isSeen && head === '-')) {
      if (valued.test(literalOf(word) ?? head)) {
        const value = words[at + 1];
        if (value !== undefined && /^(-f|--file)$/.test(head)) host.effects.read(nameOf(value));
        else if (value !== undefined && /^(-e|--expression)$/.test(head)) program.push(value);
        at += 1;
      } else if (/^(-f.|--file=)/.test(head)) host.effects.read(nameOf(behind(word, head.startsWith('-f') ? 2 : 7)));
      else if (head.startsWith('--expression=')) program.push(behind(word, '--expression='.length));
    } else if (isSeen) files.push(word);
    else program.push(word);
  }
  return [program, files];
}

function readEach({ effects }: CommandHost, files: readonly Word[]): void {
  for (const word of files) {
    if (isLoose(word)) effects.loose ??= word.place;
    effects.read(nameOf(word));
  }
}

/** Its text, with `\0` in the place of holes. */
function textIn(word: Word): string {
  return literalOf(word) ?? word.parts.map((part) => ('text' in part ? part.text : '\0')).join('');
}

const ADDRESS = /(?:\d+(?:~\d+)?|\$|\0|\/(?:\\.|[^\\/])*\/[IM]*|\\(.)(?:\\.|(?!\1)[^\\])*\1[IM]*)/;
const ADDRESSES = new RegExp(`^[\\s;{}]*(?:${ADDRESS.source}(?:\\s*,\\s*[+~]?${ADDRESS.source.replaceAll('\\1', '\\2')})?)?[\\s!]*`);

/** A sed program that reads a file, writes one, or runs a command: `1r header.txt`, `/^#/w kept.txt`, `s/a/b/w changed.txt`, `1e date`. */
function opensFiles(program: string): boolean {
  for (let rest = program; ; ) {
    rest = rest.slice(ADDRESSES.exec(rest)?.[0].length ?? 0);
    const command = rest[0];
    if (command === undefined) return false;
    if (/[rRwWe\0]/.test(command)) return true;
    rest = rest.slice(1);
    if (command === 's' || command === 'y') {
      const end = behindSign(rest, behindSign(rest, 1));
      const flags = /^[^;}\n]*/.exec(rest.slice(end))?.[0] ?? '';
      if (end > rest.length || /[we\0]/.test(flags)) return true;
      rest = rest.slice(end + flags.length);
    } else if (/[aicbtT:]/.test(command)) rest = /\n[\s\S]*$/.exec(rest)?.[0] ?? '';
    else rest = rest.replace(/^[^;}\n]*/, '');
  }
}

/** The place behind the sign that the text begins with, where it stands again; beyond the text where it does not. */
function behindSign(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[0]) return at + 1;
  }
  return text.length + 1;
}
