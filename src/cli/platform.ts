/** `--platform` and the flags that say more of it. */
import type { AnalyzeFlags } from './analyze.ts';
import type { Core, CoreOptions } from './core.ts';
import { readPrices } from './prices.ts';
import { Trouble } from './trouble.ts';

/** What the core asks for; whether it is a platform that it knows, it says itself. @throws Trouble */
export async function platformOptions(flags: AnalyzeFlags, core: Core, cwd: string): Promise<CoreOptions['platform']> {
  const { platform: name, maxCpus, maxMemory, spot, region, prices } = flags;
  if (name === undefined) {
    const alone = Object.entries({
      '--max-cpus': maxCpus,
      '--max-memory': maxMemory,
      '--spot': spot,
      '--region': region,
      '--prices': prices,
    });
    for (const [flag, value] of alone)
      if (value !== undefined) throw new Trouble(`${flag}: of what platform?`, { hint: 'name it, such as --platform aws-batch' });
    return undefined;
  }
  return {
    name,
    ...(maxCpus === undefined ? {} : { maxCpus }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(spot === undefined ? {} : { spot }),
    ...(region === undefined ? {} : { region }),
    prices: await readPrices(core, prices, cwd),
  };
}
