/** What a cpu and a GB cost for an hour on a platform: what the price of a machine is made of. */
import { isMissing } from '../../cost/money.ts';
import { nonNegativeFit } from '../../estimate/least-squares.ts';
import { choosePlatform, type PlatformOptions, rentable } from '../../simulate/platforms/choice.ts';
import { IN_CPU_HOURS, type UnitPrices } from '../sizing/trials.ts';

/**
 * Of a cloud, by the prices of its machines with little, usual and much memory (least squares of relative errors); of a cluster, by what a core hour costs there.
 * @throws UnknownPlatform
 */
export function unitPrices(options: PlatformOptions | undefined): UnitPrices {
  if (options?.prices === undefined) return IN_CPU_HOURS;
  const { prices } = options;
  const { name, region, spot } = choosePlatform(options, { executor: {}, mostCpus: 0, mostMemory: 0 });
  const { currency } = prices;
  if (region !== undefined) {
    const market = spot ? 'spot' : 'on-demand';
    const machines = rentable(name, prices).flatMap((machine) => {
      const price = prices.hour(machine.name, region, market);
      return isMissing(price) ? [] : [{ row: [machine.vcpus, machine.memoryGib], amount: price.amount }];
    });
    const amounts = machines.map(({ amount }) => amount);
    const [cpuHour = 0, gbHour = 0] = nonNegativeFit(
      machines.map(({ row }) => row),
      amounts,
      amounts.map((amount) => 1 / amount),
    );
    return {
      cpuHour,
      gbHour,
      currency,
      source: `${name} in ${region}${spot ? ' on spot' : ''}: what its machines cost, by cpus and memory`,
    };
  }
  const hour = prices.coreHour;
  return isMissing(hour) ? IN_CPU_HOURS : { cpuHour: hour.amount, gbHour: 0, currency, source: hour.source };
}
