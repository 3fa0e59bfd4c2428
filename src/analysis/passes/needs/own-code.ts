/**
 * Programs that a pipeline brings with it, in Python or R, by their text: what they do with the files that they are told. Only of what is written in the plainest way something is said: packages that are
 * known to open what they are given and nothing else, and paths that stand where they are used as they were told.
 */

/**
 * Whether it changes none of the files that it is given: it writes where it is told by an argument of its own, opens nothing to add to it or to change a part, starts no program, moves and removes
 * nothing. By its words alone: a guess.
 */
export function leavesInputs(code: string): boolean {
  const text = withoutComments(code);
  if (!isPlainlyWritten(text) || CHANGES.test(text)) return false;
  const [written, read] = [new Set<string>(), new Set<string>()];
  // What was opened is asked where it was.
  const handles = new Set(
    Array.from(text.matchAll(/\bas\s+(\w+)\s*[,:]|^[ \t]*(\w+)\s*=\s*[\w.]*open\(/gm), ([, one, other]) => one ?? other ?? ''),
  );
  for (const { name, given } of callsIn(text)) {
    const does = doing(name, given);
    if (does === undefined || handles.has(name.split('.')[0] as string)) continue;
    const path = pathIn(name, given, does, text);
    if (path === undefined) continue;
    if (does === 'writes' && !isTold(path) && !isLiteral(path)) return false;
    (does === 'writes' ? written : read).add(path);
  }
  return ![...written].some((path) => read.has(path));
}

/** Whether it makes no names of files up and looks for none: each that it opens is told to it, or stands in it as it is. By its words alone: a guess. */
export function makesNoNames(code: string): boolean {
  const text = withoutComments(code);
  if (
    !isPlainlyWritten(text) ||
    stringsIn(text)
      .split('\n')
      .some((one) => /^["'](\.|\.\/)["']$|\*/.test(one))
  )
    return false;
  const listed = new Set(
    Array.from(text.matchAll(/\bfor\s*\(?\s*(\w+)\s+in\s+([^:\n)]+)/g), ([, item = '', of = '']) => (isTold(of.trim()) ? item : '')),
  );
  let rest = text;
  for (const { name, given } of callsIn(text)) {
    if (SPEAKS.test(name) && !/\b\w*(read|open|load)\w*\s*\(/i.test(given)) rest = rest.replace(given, '');
    if (doing(name, given) !== 'reads') continue;
    const path = pathIn(name, given, 'reads', text);
    if (path !== undefined && !isTold(path) && !isLiteral(path) && !listed.has(path)) return false;
  }
  return !PUTS_TOGETHER.test(rest);
}

/** Whether it does nothing but to files that it is told: it asks no server and no variable, and names no place outside of its folder. By its words alone: a guess. */
export function staysAtHome(code: string): boolean {
  return leavesInputs(code) && makesNoNames(code) && !GOES_OUT.test(withoutComments(code));
}

/** What stands between quotes, line by line. */
export function stringsIn(code: string): string {
  return Array.from(code.matchAll(STRINGS), ([text]) => text).join('\n');
}

function withoutComments(code: string): string {
  return code.replace(/^[ \t]*#.*$/gm, '').replace(/("""|''')[\s\S]*?\1/g, '""');
}

/** Characters. Nobody writes so much plainly, and looking through it takes its time. */
const LONGEST_CODE = 50_000;

/** Python or R with packages that are known, and none of what hides where a path goes. */
function isPlainlyWritten(text: string): boolean {
  if (text.length > LONGEST_CODE || OTHER_LANGUAGES.test(text) || HIDES.test(text)) return false;
  return packagesOf(text).every((name) => PACKAGES.has(name));
}

function packagesOf(text: string): readonly string[] {
  const python = Array.from(text.matchAll(/(?:^|;)[ \t]*import[ \t]+([^\n;#]+)/gm)).flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim().split(/\s/)[0]?.split('.')[0] ?? ''),
  );
  const from = Array.from(text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import\b/gm), ([, name = '']) => name.split('.')[0] as string);
  const r = Array.from(text.matchAll(/\b(?:library|require|requireNamespace)\(\s*["']?([\w.]+)/g), ([, name = '']) => name);
  const scoped = Array.from(text.matchAll(/\b([A-Za-z][\w.]*):::?\w/g), ([, name = '']) => name);
  return [...python, ...from, ...r, ...scoped];
}

/** They open what they are given, and what stands there for it alone; none keeps things elsewhere. */
const PACKAGES: ReadonlySet<string> = new Set(
  `argparse array bisect collections copy csv dataclasses datetime decimal enum fractions functools gzip heapq itertools json locale logging math numbers
   operator random re statistics string sys textwrap time typing unicodedata warnings
   anndata Bio geopandas liana matplotlib numpy pandas polars pyarrow pyopenms scanpy scipy scrublet seaborn shapely skimage sklearn statsmodels xarray
   ape arrow argparser Biostrings circlize ComplexHeatmap corrplot cowplot data.table DESeq2 dplyr edgeR fitdistrplus forcats GenomicRanges ggplot2 ggtree ggrepel grid gridExtra igraph jsonlite limma lubridate magrittr Matrix mzR optparse pheatmap phyloseq plotly
   purrr qqman RColorBrewer readr reshape2 scales stats stringr survival tibble tidyr tidyverse utils vegan viridis`.split(/\s+/),
);

const OTHER_LANGUAGES =
  /\buse (strict|warnings)\b|\bmy\s*[$@(]|\brequire\s*\(\s*["']|\$ARGV\b|\bARGV\[|\bARGS\[|\bputs\b|\bprocess\.argv|^\s*(const|let)\s/m;
/** Another name for what it was told, a function or class that is given it, code that comes from elsewhere, and paths as objects. */
const HIDES =
  /^[ \t]*[\w.]+[ \t]*(?:=|<-)[ \t]*(?:\w*args?\.\w+|[\w.]+\$\w+|(?:sys\.)?argv\[[^\]]*\]|a(?:rgs)?\[\d+\]|[\w.]*args?\[["'][^\]]*\])[ \t]*$|\bself\.\w+|\bglobals\(|\bgetattr\(|\b(?:write|read)_(?:text|bytes)\b|\.open\s*\(\s*(?:["'][^)]*)?\)|\bos\b|\bPath\b|\bsource\s*\(|importlib|__import__|\bexec\w*\s*\(|\beval\s*\(/m;

/** `args.cases`, `o$cases`, `sys.argv[1]`, `args["cases"]`, `"${cases}"` of code that stands in a script. */
function isTold(path: string): boolean {
  return path === '' || TOLD.test(path);
}

/** As people call what a parser of arguments gives. */
const TOLD =
  /^(?:(?:a|args?|arguments|o|opts?|options?|params?|cli)(?:\.\w+|\$\w+|\[\[?(?:\d+|["']\w+["'])\]\]?)|(?:sys\.)?argv\[\d+\]|sys\.std(?:in|out)|["']\$\{?\w+\}?["'])$/;

function isLiteral(path: string): boolean {
  return /^["'][^"'$*]*["']$/.test(path);
}

/** The expression that says which file: by its name (`file=`), or by its place. Undefined: an opened file, or no path at all. */
function pathIn(name: string, given: string, does: 'reads' | 'writes', text: string): string | undefined {
  const parts = argumentsOf(given);
  const named = parts.find((one) => /^(?:file|path|filename|fname|con|x_path|path_or_buf)\s*=(?!=)/.test(one));
  if (named !== undefined) return named.replace(/^\w+\s*=\s*/, '');
  const isR = /<-|\blibrary\(/.test(text);
  const second = does === 'writes' && isR && !/^(?:pdf|png|svg|jpeg|tiff|sink|ggsave|file|gzfile)$/.test(name);
  const dumped = /(^|\.)(dump|print)$/.test(name);
  const at = second || dumped ? 1 : 0;
  return parts.filter((one) => !/^\w[\w.]*\s*=(?!=)/.test(one))[at];
}

function argumentsOf(given: string): readonly string[] {
  const parts: string[] = [];
  let [open, from, quote] = [0, 0, ''];
  for (let at = 0; at <= given.length; at += 1) {
    const one = given[at] ?? ',';
    if (quote !== '') {
      if (one === quote) quote = '';
    } else if (one === '"' || one === "'") quote = one;
    else if ('([{'.includes(one)) open += 1;
    else if (')]}'.includes(one)) open -= 1;
    if ((one === ',' && open === 0 && quote === '') || at === given.length) {
      parts.push(given.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts.filter((one) => one !== '');
}

function doing(name: string, given: string): 'reads' | 'writes' | undefined {
  if (WRITES.test(name) || (OPENS.test(name) && TO_WRITE.test(given)) || (name === 'cat' && /\bfile\s*=/.test(given))) return 'writes';
  return READS.test(name) || OPENS.test(name) ? 'reads' : undefined;
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

const OPENS = /(^|\.)(open|file|gzfile)$/i;
const TO_WRITE = /,\s*(mode\s*=\s*|open\s*=\s*)?["'][wx]/;
const WRITES =
  /(^|[.:_])(to_(csv|parquet|json|excel|feather|hdf|netcdf|zarr|file)|f?write[._]\w+|fwrite|write\w*|save\w*|saveRDS|savefig|ggsave|tofile|sink|pdf|png|svg|jpeg|tiff|export\w*|print_figure)$|\w(write|save)\w*$/i;
const READS = /read|load|import_|parse(?!_args)|scan\b|(^|[.:])(File|Reader|Fasta\w*|open_\w+)$|Reader$|openMSfile/i;

/** Files opened to be changed, moved or removed, and other programs. */
const CHANGES =
  /\bshutil\b|\bfile\.(rename|remove|append|copy)\b|\bfile_\w+\s*\(|\bunlink\s*\(|\b(system2?|popen)\s*\(|\bsubprocess\b|\bsqlite\w*|\bduckdb\b|\bzarr\b|\bsqlalchemy\b|\bto_sql\b|\bfileinput\b|["'](a|ab|at|r\+|w\+|rb\+|r\+b|wb\+|w\+b|a\+)["']|\bbacked\s*=|\bmemmap\b|\bmmap\b|\bappend\s*=\s*T|AlignmentFile\([^)]*["']w|VariantFile\([^)]*["']w|\.filename\s*=/;

/** To people: messages, titles, and what options are there for. */
const SPEAKS =
  /(^|[._])(print|info|warn\w*|error|debug|critical|exit|message|stop|labs|ggtitle|title|suptitle|[xy]label|set_\w+|legend|annotate|add_argument|make_option|ArgumentParser|OptionParser|\w*Error|\w*Exception)$/;
const PUTS_TOGETHER =
  /\bf["']|\bfile\.path\b|\bpaste0?\b|\bglue\b|\bsprintf\b|\.format\(|["']\s*%\s*[\w(]|\+\s*["']|["']\s*\+|\.join\(|\bwith_suffix\b|\b(g?sub|str_replace\w*|basename|dirname|file_path_sans_ext|splitext|list\.files|listdir|scandir|opendir|dir_ls|glob)\b|\.replace\(|\[:\s*-|(?:args?\.\w+|argv\[\d+\]|\$\w+)\s*\+|\+\s*(?:\w*args?\.\w+|(?:sys\.)?argv\[)/;

const GOES_OUT =
  /\b(requests|urllib\w*|https?|ftp\w*|socket|httr2?|curl|RCurl|download\w*|environ|getenv|Sys\.[gs]etenv|expanduser|gettempdir|tempfile|tempdir|cache\w*|setwd|chdir|system\.file|install\.packages)\b|_cache\b|\w:\/\/|["'](\/|~|\.\.\/)/i;
