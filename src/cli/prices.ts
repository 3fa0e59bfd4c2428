/** `pipeopt prices`, and what `--prices FILE` names. */
import { priceListJson } from '../report/price-page.ts';
import { renderPriceList } from '../report/terminal.ts';
import { type Core, coreOf } from './core.ts';
import type { Host } from './host.ts';
import { output } from './output.ts';
import { readStructured } from './read-files.ts';
import { type ColorChoice, textOptions } from './terminal-facts.ts';
import { EXIT, type ExitCode, Trouble } from './trouble.ts';

export interface PricesFlags {
  readonly region?: string;
  readonly prices?: string;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly color: ColorChoice;
}

export async function prices(names: readonly string[], flags: PricesFlags, host: Host): Promise<ExitCode> {
  const core = await coreOf(host);
  const book = await readPrices(core, flags.prices, host.cwd);
  const list = listOf(core, book, { names, ...(flags.region === undefined ? {} : { region: flags.region }) });
  const toFile = flags.output !== undefined && flags.output !== '-';
  const text = flags.format === 'json' ? priceListJson(list) : renderPriceList(list, textOptions(host, flags.color, toFile, false));
  output(text, flags.output, host);
  return EXIT.fine;
}

type Book = Awaited<ReturnType<Core['loadPrices']>>;

/** The catalogue with the user's file laid over it. @throws Trouble */
export async function readPrices(core: Core, path: string | undefined, cwd: string): Promise<Book> {
  if (path === undefined) return core.loadPrices();
  const declared = (await readStructured(path, cwd, '--prices')) ?? {};
  try {
    return await core.loadPrices(declared);
  } catch (error) {
    if (!(error instanceof core.WrongPrices)) throw error;
    const [first, ...others] = error.message.split('\n');
    const more = others.length - MOST_PROBLEMS;
    throw new Trouble(`--prices ${path}: ${first}`, {
      hint: [
        ...others.slice(0, MOST_PROBLEMS),
        ...(more > 0 ? [`and ${more} more`] : []),
        'docs/prices.md says what can be in the file',
      ].join('\n'),
    });
  }
}

const MOST_PROBLEMS = 10;

function listOf(core: Core, book: Book, query: Parameters<Core['priceList']>[1]): ReturnType<Core['priceList']> {
  try {
    return core.priceList(book, query);
  } catch (error) {
    if (error instanceof core.UnknownPrice) throw new Trouble(error.message, { hint: error.hint });
    throw error;
  }
}
