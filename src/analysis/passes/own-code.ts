/** Programs that a pipeline brings with it, in Python, R and the like, by their text: what they do with the files that they are told. */

/**
 * Whether it changes none of the files that it is given: it opens nothing to add to it or to change a part, starts no program, moves and removes nothing, and where it writes it says another name than
 * where it reads. By its words alone: a guess.
 */
export function leavesInputs(code: string): boolean {
  const text = withoutComments(code);
  if (CHANGES.test(text)) return false;
  const written = new Set<string>();
  const read = new Set<string>();
  for (const { name, given } of callsIn(text)) {
    const does = doing(name, given);
    if (does === undefined) continue;
    let own = given;
    // `write(clean(read(a)), b)` writes to b.
    if (does === 'writes')
      for (const inner of callsIn(given)) if (doing(inner.name, inner.given) === 'reads') own = own.replace(inner.given, '');
    const into = does === 'writes' ? written : read;
    for (const [word] of own.replace(NO_INDEX, '').matchAll(NAMES)) into.add(word);
    // `"${bam}"` of code that stands in a script.
    for (const [word] of own.matchAll(/\$\{?[A-Za-z_]\w*/g)) into.add(word);
  }
  return ![...written].some((name) => read.has(name));
}

function doing(name: string, given: string): 'reads' | 'writes' | undefined {
  if (WRITES.test(name) || (OPENS.test(name) && TO_WRITE.test(given))) return 'writes';
  return READS.test(name) || OPENS.test(name) ? 'reads' : undefined;
}

/** Whether it makes no names of files up: it puts no words together but for people. What it opens is then named to it, stands in it as it is, or is in its data. */
export function makesNoNames(code: string): boolean {
  const text = withoutComments(code);
  let rest = text;
  for (const { name, given } of callsIn(text)) if (SPEAKS.test(name)) rest = rest.replace(given, '');
  return !PUTS_TOGETHER.test(rest);
}

/** Whether it does nothing but to files that it is told: it asks no server and no variable, and names no place outside of its folder. By its words alone: a guess. */
export function staysAtHome(code: string): boolean {
  return leavesInputs(code) && makesNoNames(code) && !GOES_OUT.test(withoutComments(code));
}

const GOES_OUT =
  /\b(requests|urllib\w*|https?|ftp\w*|paramiko|boto\w*|socket|smtplib|psycopg\w*|sqlalchemy|pymysql|mysql\w*|redis|pymongo|mongo\w*|httr2?|curl|RCurl|download\w*|RPostgres|RMySQL|environ|getenv|Sys\.[gs]etenv|expanduser|gettempdir|tempfile|tempdir|cache\w*|huggingface\w*|setwd|chdir|system\.file)\b|_cache\b|\w:\/\/|["'](\/|~|\.\.\/)/i;

/** What stands between quotes, line by line. */
export function stringsIn(code: string): string {
  return Array.from(code.matchAll(STRINGS), ([text]) => text).join('\n');
}

/** To people: messages, titles, and what options are there for. */
const SPEAKS =
  /(^|[._])(print|info|warn\w*|error|debug|critical|exit|message|stop|cat|labs|ggtitle|title|suptitle|[xy]label|set_\w+|legend|annotate|add_argument|make_option|ArgumentParser|OptionParser|\w*Error|\w*Exception)$/;
const PUTS_TOGETHER =
  /\bf["']|\bos\.path\.|\bPath\(|\bpathlib\b|\bfile\.path\b|\bpaste0?\b|\bglue\b|\bsprintf\b|\.format\(|["']\s*%\s*[\w(]|\+\s*["']|["']\s*\+|\.join\(|\bwith_suffix\b|\b(g?sub|str_replace\w*)\(/;

function withoutComments(code: string): string {
  return code.replace(/^[ \t]*#.*$/gm, '').replace(/("""|''')[\s\S]*?\1/g, '""');
}

/** More is not looked at: what stands behind it is no name of a file. */
const LONGEST = 1000;

/** Calls with what they are given, those in others too. */
function* callsIn(text: string): Generator<{ readonly name: string; readonly given: string }> {
  for (const { 0: begin, 1: name = '', index } of text.matchAll(/\b([A-Za-z_][\w.:]*)\s*\(/g)) {
    const from = index + begin.length;
    let [at, open] = [from, 1];
    for (; at < text.length && at < from + LONGEST; at += 1) {
      if (text[at] === '(') open += 1;
      else if (text[at] === ')') open -= 1;
      if (open === 0) break;
    }
    yield { name, given: text.slice(from, at) };
  }
}

const STRINGS = /(["'])(?:\\.|(?!\1)[^\\\n])*\1/g;
const NO_INDEX = new RegExp(`(?<!\\[)${STRINGS.source}`, 'g');
/** `args.out`, `o$out`, `argv[2]`, `args["out"]`. */
const NAMES = /[A-Za-z_][\w.$]*(?:\[+(?:\d+|"[^"\n]*"|'[^'\n]*')\]+)?/g;

const OPENS = /(^|\.)(open|file|gzfile)$/i;
const TO_WRITE = /,\s*(mode\s*=\s*|open\s*=\s*)?["'](w|x)/;
const WRITES =
  /(^|[.:_])(to_\w+|f?write\w*|save\w*|saveRDS|savefig|ggsave|dump|tofile|sink|pdf|png|svg|jpeg|tiff|export\w*|print_figure|write)([._]\w+)*$/i;
const READS = /read|load|import|parse|scan|(^|[.:])(File|Reader|Fasta\w*|VariantFile|AlignmentFile|Dataset|open_\w+|connect)$|Reader$/i;

/** Files opened to be changed, moved or removed, other programs, and code that is not seen. */
const CHANGES =
  /\b(os|shutil|fs)\.(rename|renames|replace|remove|unlink|move|rmtree|truncate|utime|chmod|link|symlink)\b|\.(unlink|rename|replace_file|touch)\s*\(\s*\)|\bfile\.(rename|remove|append|copy)\b|\bunlink\s*\(|\b(os\.)?(system2?|popen|exec\w*|eval)\s*\(|\bsubprocess\b|\bfileinput\b|["'](a|r|w|rb|wb|ab)\+?b?\+["']|["']ab?["']\s*\)|\bbacked\s*=|\bmemmap\b|\bmmap\b|\bsqlite|\bduckdb|\bdbConnect|\bzarr\b|\bappend\s*=\s*T|\bsource\s*\(|importlib|__import__/;
