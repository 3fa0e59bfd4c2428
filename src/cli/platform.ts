/** `--platform` and the flags that say more of it; `--prices`. */
import type { AnalyzeFlags } from './analyze.ts';
import type { Core, CoreOptions } from './core.ts';
import type { ReadingFlags } from './flags.ts';
import { readPrices } from './prices.ts';
import { Trouble } from './trouble.ts';

export interface PlatformFlags {
  /** The first is that of the report, the others stand beside it. */
  readonly platform?: readonly string[];
  readonly route?: readonly string[];
  readonly maxCpus?: number;
  readonly maxMemory?: string;
  readonly spot?: boolean;
  readonly region?: string;
  readonly prices?: string;
}

/** undefined: time against money is not asked for. @throws Trouble */
export function frontQuestions({ platform, front, deadline, maxCost, valueOfTime }: AnalyzeFlags): CoreOptions['front'] {
  const asked = Object.entries({ '--front': front, '--deadline': deadline, '--max-cost': maxCost, '--value-of-time': valueOfTime });
  const [flag] = asked.find(([, value]) => value !== undefined) ?? [];
  if (flag === undefined) return undefined;
  if (platform === undefined) throw new Trouble(`${flag}: on what platform?`, { hint: 'name it, such as --platform aws-batch' });
  return {
    ...(deadline === undefined ? {} : { deadline }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(valueOfTime === undefined ? {} : { valueOfTime }),
  };
}

/** What the core asks for; whether it is a platform that it knows, it says itself. @throws Trouble */
export async function platformOptions(
  flags: PlatformFlags & Pick<ReadingFlags, 'trace'>,
  core: Core,
  cwd: string,
): Promise<Pick<CoreOptions, 'platform' | 'beside' | 'prices'>> {
  const { platform: names = [], route: routes = [], maxCpus, maxMemory, spot, region, prices: path, trace = [] } = flags;
  if (names.length === 0) {
    const alone = Object.entries({
      '--route': flags.route,
      '--max-cpus': maxCpus,
      '--max-memory': maxMemory,
      '--spot': spot,
      '--region': region,
      // What a past run cost asks for no platform.
      ...(trace.length === 0 && { '--prices': path }),
    });
    for (const [flag, value] of alone)
      if (value !== undefined)
        throw new Trouble(`${flag}: of what platform?`, {
          hint: `name it, such as --platform aws-batch${flag === '--prices' ? '; or give the --trace of a run on the cloud' : ''}`,
        });
    return trace.length === 0 ? {} : { prices: await readPrices(core, path, cwd) };
  }
  const prices = await readPrices(core, path, cwd);
  const shared = {
    ...(maxCpus === undefined ? {} : { maxCpus }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(spot === undefined ? {} : { spot }),
    ...(region === undefined ? {} : { region }),
    prices,
  };
  try {
    const [platform, ...beside] = core.severalPlatforms(names, shared, routes);
    return { ...(platform && { platform }), ...(beside.length > 0 && { beside }), prices };
  } catch (error) {
    if (!(error instanceof core.UnknownPlatform)) throw error;
    throw new Trouble(error.message, { hint: error.hint });
  }
}
