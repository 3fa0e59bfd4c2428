/** The figures of catalogue/prices: read when money is first asked for, and not before. */
import { type CatalogueData, PriceBook } from './price-book.ts';
import { type PriceFile, type PriceFileProblem, readPriceFile } from './price-file.ts';

async function catalogueData(): Promise<CatalogueData> {
  const [aws, gcp, azure, services, carbon] = await Promise.all([
    import('../../../catalogue/prices/aws.json', { with: { type: 'json' } }),
    import('../../../catalogue/prices/gcp.json', { with: { type: 'json' } }),
    import('../../../catalogue/prices/azure.json', { with: { type: 'json' } }),
    import('../../../catalogue/prices/services.json', { with: { type: 'json' } }),
    import('../../../catalogue/prices/carbon.json', { with: { type: 'json' } }),
  ]);
  return {
    aws: aws.default,
    gcp: gcp.default,
    azure: azure.default,
    services: services.default,
    carbon: carbon.default,
  } as unknown as CatalogueData;
}

/** A file of prices that says what cannot be. */
export class WrongPrices extends Error {
  readonly problems: readonly PriceFileProblem[];

  constructor(problems: readonly PriceFileProblem[]) {
    super(problems.map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message}`).join('\n'));
    this.name = 'WrongPrices';
    this.problems = problems;
  }
}

/**
 * The catalogue's prices, with those of a decoded file (`--prices`) laid over them.
 * @throws WrongPrices
 */
export async function loadPrices(declared?: unknown): Promise<PriceBook> {
  const data = await catalogueData();
  const book = new PriceBook(data);
  if (declared === undefined) return book;
  const names = { machines: new Set([...book.machines()].map(({ name }) => name)), services: new Set(book.services()) };
  const read = readPriceFile(declared, names);
  if ('problems' in read) throw new WrongPrices(read.problems);
  return new PriceBook(data, read.file satisfies PriceFile);
}
