/** `pipeopt prices`: what the catalogue knows, from when, and what it lacks; or some of its machines and services. */
import { hanging, type Line, type Page, padEnd, padStart, type Span, span, wrap } from './layout.ts';
import { counted } from './quantities.ts';

export type PriceText =
  | {
      readonly amount: number;
      readonly currency: string;
      readonly per: string;
      readonly basis: string;
      readonly source: string;
      readonly asOf?: string;
    }
  | { readonly missing: string; readonly hint: string };

export interface PriceListText {
  readonly id: string;
  readonly currency: string;
  readonly sources: readonly { readonly what: string; readonly ref: string; readonly asOf: string; readonly licence: string }[];
  readonly providers: readonly { readonly provider: string; readonly machines: number; readonly regions: readonly string[] }[];
  readonly lacks?: readonly string[];
  readonly machines: readonly {
    readonly name: string;
    readonly region: string;
    readonly vcpus: number;
    readonly memoryGib: number;
    readonly gpus: number;
    readonly gpuName?: string;
    readonly speed?: number;
    readonly onDemand: PriceText;
    readonly spot: PriceText;
    readonly hazard?: { readonly expected: number };
  }[];
  readonly services: readonly { readonly name: string; readonly region: string; readonly price: PriceText }[];
}

export function priceListJson(list: PriceListText): string {
  return `${JSON.stringify({ schemaVersion: '1.0', ...list }, undefined, 2)}\n`;
}

export function priceListLines(list: PriceListText, page: Page): Line[] {
  const asked = list.machines.length + list.services.length > 0;
  return asked ? [...machineLines(list, page), ...serviceLines(list, page), ...noteLines(list, page)] : overviewLines(list, page);
}

const PROVIDERS: Readonly<Record<string, string>> = {
  aws: 'AWS EC2',
  gcp: 'Google',
  azure: 'Azure',
  healthomics: 'HealthOmics',
  own: 'your own',
};

function overviewLines({ id, currency, providers, sources, lacks }: PriceListText, page: Page): Line[] {
  const lines: Line[] = [[span(id, 'strong'), span(` ${page.glyphs.dot} ${currency}`)], []];
  for (const { provider, machines, regions } of providers)
    lines.push(
      ...hanging(
        [span(padEnd(PROVIDERS[provider] ?? provider, 13)), span(padStart(counted(machines, 'machine'), 15)), span('   ')],
        [span(regions.length === 0 ? 'as given' : regions.length > 3 ? counted(regions.length, 'region') : regions.join(', '))],
        page.width,
      ),
    );
  lines.push([], [span('From where', 'heading')]);
  for (const { what, ref, asOf, licence } of sources)
    lines.push(...hanging([span(padEnd(asOf, 12))], [span(`${what} `), span(`${ref}, ${licence}`, 'faint')], page.width));
  lines.push([], [span('What it lacks', 'heading')]);
  for (const lack of lacks ?? []) lines.push(...hanging([span('- ')], [span(lack)], page.width));
  lines.push(
    [],
    ...wrap(
      [
        span(
          'List prices of Linux machines, without discounts. pipeopt prices NAME shows some; what is missing, or yours for less, goes into a file: --prices FILE.',
          'faint',
        ),
      ],
      page.width,
    ),
  );
  return lines;
}

/** Behind a price: how it is known, where it is not listed. */
const MARKS: Readonly<Record<string, string>> = { listed: ' ', derived: '~', estimated: '~', declared: '=', unverified: '?' };

/** Alike in a column. */
function money(price: PriceText, page: Page): string {
  if ('missing' in price) return `${page.glyphs.dash} `;
  return `${price.amount >= 10 ? price.amount.toFixed(2) : price.amount.toFixed(4)}${MARKS[price.basis] ?? ' '}`;
}

/** Storage of 0.00099 is not 0.0010. */
function exact(amount: number): string {
  return String(Number(amount.toPrecision(6)));
}

function machineLines({ machines, currency }: PriceListText, page: Page): Line[] {
  const lines: Line[] = [];
  const widest = Math.max(12, ...machines.map(({ name }) => name.length));
  const width = Math.min(widest, page.width - 48);
  for (const region of [...new Set(machines.map((machine) => machine.region))]) {
    if (lines.length > 0) lines.push([]);
    lines.push([span(region, 'strong'), span(` ${page.glyphs.dot} ${currency} an hour`)]);
    lines.push([
      span(
        `${padEnd('', width)}${['vCPU', 'GiB'].map((text) => padStart(text, 6)).join('')}  on demand       spot   off  lost/h  speed`,
        'faint',
      ),
    ]);
    for (const machine of machines.filter((one) => one.region === region)) {
      const { onDemand, spot, hazard, speed } = machine;
      const off = 'missing' in onDemand || 'missing' in spot ? '' : `${Math.round(100 * (1 - spot.amount / onDemand.amount))} %`;
      const cells: Span[] = [
        span(padStart(String(machine.vcpus), 6)),
        span(padStart(String(machine.memoryGib), 6)),
        span(padStart(money(onDemand, page), 11)),
        span(padStart(money(spot, page), 11)),
        span(padStart(off, 6)),
        span(padStart(hazard === undefined ? '' : String(hazard.expected), 8)),
        span(padStart(speed === undefined ? '' : speed.toFixed(2), 7)),
      ];
      if (machine.name.length > width) lines.push([span(machine.name)], [span(padEnd('', width)), ...cells]);
      else lines.push([span(padEnd(machine.name, width)), ...cells]);
    }
  }
  return lines;
}

function serviceLines({ services, machines }: PriceListText, page: Page): Line[] {
  if (services.length === 0) return [];
  const lines: Line[] = machines.length === 0 ? [] : [[]];
  const width = Math.min(Math.max(...services.map(({ name }) => name.length)), page.width - 34);
  for (const { name, region, price } of services) {
    const body =
      'missing' in price
        ? [span(`no price in ${region}: ${price.hint}`)]
        : [
            span(
              `${exact(price.amount)}${MARKS[price.basis]?.trim() ?? ''} ${price.currency} per ${price.per}${region === 'all' ? '' : `, ${region}`}`,
            ),
          ];
    if (name.length > width) lines.push([span(name)], ...hanging([span('    ')], body, page.width));
    else lines.push(...hanging([span(padEnd(name, width)), span('  ')], body, page.width));
  }
  return lines;
}

function noteLines({ machines, services, id }: PriceListText, page: Page): Line[] {
  const shown = [...machines.flatMap(({ onDemand, spot }) => [onDemand, spot]), ...services.map(({ price }) => price)];
  const known = shown.flatMap((price) => ('missing' in price ? [] : [price]));
  const has = (basis: string): boolean => known.some((price) => price.basis === basis);
  const notes = [
    ...(has('derived') || has('estimated') ? ['~ worked out: from the family’s ratio between regions, or an average saving of spot'] : []),
    ...(has('declared') ? ['= yours'] : []),
    ...(has('unverified') ? ['? not read at a source'] : []),
    ...(machines.some(({ hazard }) => hazard !== undefined)
      ? ['lost/h: interruptions per hour of a spot machine, assumed from the advisor’s monthly band']
      : []),
    ...(machines.some(({ speed }) => speed !== undefined) ? ['speed: CoreMark of a vCPU, m5 is 1'] : []),
  ];
  const hints = [...new Set(shown.flatMap((price) => ('missing' in price ? [`${price.missing}: ${price.hint}`] : [])))];
  const dates = [...new Set(known.map(({ source, asOf }) => `${asOf ?? 'undated'} ${source.replace(/ \(.*/, '')}`))].sort();
  return [
    [],
    ...notes.flatMap((note) => wrap([span(note, 'faint')], page.width)),
    ...some(dates, 6).flatMap((date) => hanging([span('from ', 'faint')], [span(date, 'faint')], page.width)),
    ...some(hints, 3).flatMap((hint) => hanging([span(`${page.glyphs.dash} `, 'faint')], [span(hint, 'faint')], page.width)),
    [span(id, 'faint')],
  ];
}

function some(texts: readonly string[], most: number): string[] {
  return texts.length <= most ? [...texts] : [...texts.slice(0, most), `and ${texts.length - most} more (-f json has all)`];
}
