/**
 * How many threads a program of the pipeline's own keeps busy, by its text: one, where it imports nothing that could start a thread and starts no
 * other program. What is not in the lists below is not known, and so is a library that computes in threads of its own (numpy, pandas).
 */

/** @returns the most that run at once, with the programs that it reads or writes through; undefined where the text does not tell */
export function threadsOfProgram(language: string, text: string): number | undefined {
  if (language === 'python' || language === 'py') return threadsOfPython(text);
  return language === 'perl' || language === 'pl' ? threadsOfPerl(text) : undefined;
}

/** Of Python's standard library, and of Biopython what reads and writes. */
const PLAIN_PYTHON = new Set(
  `__future__ abc argparse array base64 binascii bisect bz2 calendar cmath codecs collections contextlib copy csv dataclasses datetime decimal difflib
   enum errno fileinput fnmatch fractions functools getopt glob gzip hashlib heapq html io itertools json locale logging lzma math numbers operator
   optparse os pathlib pickle platform pprint random re shutil statistics string struct sys tarfile tempfile textwrap time traceback types typing
   unicodedata uuid warnings xml zipfile zlib Bio.AlignIO Bio.Data Bio.Seq Bio.SeqFeature Bio.SeqIO Bio.SeqRecord Bio.SeqUtils`.split(
    /\s+/,
  ),
);

const STARTS_IN_PYTHON =
  /\b(system|popen\w*|fork\w*|exec\w*|posix_spawn\w*|spawn\w*|startfile|eval|__import__|import_module)\s*\(|thread|multiproc|parallel|concurrent|subprocess|cpu_count|\bPool\b/i;

function threadsOfPython(text: string): number | undefined {
  const code = text.replace(/^[ \t]*#.*$/gm, '');
  if (STARTS_IN_PYTHON.test(code)) return undefined;
  return pythonImports(code).every((name) => PLAIN_PYTHON.has(name)) ? 1 : undefined;
}

/** `os` of `import os.path as p`; of Biopython `Bio.SeqIO`, however it is written. */
function pythonImports(code: string): readonly string[] {
  const names = (list: string): string[] =>
    list
      .replace(/[()\\]/g, ' ')
      .split(',')
      .map((one) => one.trim().split(/\s/)[0] ?? '')
      .filter((one) => one !== '');
  const found: string[] = [];
  const statements = /(?:^|[;:])[ \t]*(?:import[ \t]+([^\n;#]+)|from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^()]*\)|[^\n;#]+))/gm;
  for (const [, whole, from, parts] of code.matchAll(statements))
    found.push(...(from === undefined ? names(whole ?? '') : from === 'Bio' ? names(parts ?? '').map((part) => `Bio.${part}`) : [from]));
  return found.map((name) =>
    name
      .split('.')
      .slice(0, name.startsWith('Bio.') ? 2 : 1)
      .join('.'),
  );
}

/** Of Perl's own library, and of BioPerl what reads and writes. */
const PLAIN_PERL =
  /^(v?[\d._]+|strict|warnings|utf8|vars|constant|feature|experimental|integer|bigint|lib|locale|POSIX|Carp|Cwd|English|FindBin|Storable|Data::Dumper|Encode|File::(Basename|Copy|Find|Path|Spec|Spec::Functions|Temp)|Getopt::(Long|Std)|IO::(File|Handle)|List::(Util|MoreUtils)|Scalar::Util|Text::\w+|Time::(HiRes|Local|Piece)|Bio::(Seq|SeqIO|PrimarySeq))$/;

const STARTS_IN_PERL = /\b(fork|exec|qx|threads|require|do\s+['"$])|`|\beval\s*[("$q]|-\||\|-|IPC::|Parallel::/;

const PIPED_BY_OTHER_QUOTES = /'[ \t]*\|[ \t]*\w|[\w$}][ \t]*\|[ \t]*'/;

/** They do one thing after another. */
const PLAIN_PROGRAM = /^(\$\^X|perl|sed|awk|grep|cut|tr|cat|zcat|head|tail|gzip|gunzip|uniq|wc|cp|mv|rm|mkdir|ln|touch|chmod)$/;

function threadsOfPerl(text: string): number | undefined {
  const code = text
    .replace(/^__(END|DATA)__$[\s\S]*/m, '')
    .replace(/^=[a-z]\w*[\s\S]*?(^=cut$|$(?![\s\S]))/gm, '')
    .replace(/^[ \t]*#.*$/gm, '');
  if (STARTS_IN_PERL.test(code) || PIPED_BY_OTHER_QUOTES.test(code)) return undefined;
  for (const [, name] of code.matchAll(/^[ \t]*use\s+([\w:.]+)/gm)) if (!PLAIN_PERL.test(name ?? '')) return undefined;
  // A program that is run to its end while this one waits.
  for (const [, given] of code.matchAll(/\bsystem\b\s*\(?([^;]{0,400})/g)) {
    const variable = /^\s*"?(\$\w+)"?\s*\)?\s*$/.exec(given ?? '')?.[1];
    const commands = variable === undefined ? [given ?? ''] : valuesIn(code, variable);
    if (commands.length === 0 || !commands.every(isOneProgram)) return undefined;
  }
  // `"gunzip -c $file |"` and `"| gzip > $file"`: it runs beside this one.
  const piped = [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
    .map(([, string]) => (string ?? '').trim())
    .filter((string) => /^\|.*\w|\w.*\|$/.test(string));
  return piped.every((string) => isOneProgram(`"${string.replace(/^\||\|$/g, '').trim()}"`)) ? 1 + Math.min(piped.length, 1) : undefined;
}

/** What is assigned to a variable, each as it is written. */
function valuesIn(code: string, variable: string): readonly string[] {
  return [...code.matchAll(new RegExp(`${variable.replace('$', '\\$')}\\s*(?:\\.|\\|\\||//)?=(?![=~])\\s*([^;]{0,400})`, 'g'))].map(
    ([, value]) => value ?? '',
  );
}

/** A text in quotes that begins with a program's name, and holds no second one. */
function isOneProgram(written: string): boolean {
  const text = /^\s*(["'])(.*)\1[\s)]*$/s.exec(written)?.[2];
  return text !== undefined && !/[|&;`]|\$\(/.test(text) && PLAIN_PROGRAM.test(text.trim().split(/\s+/)[0] ?? '');
}
