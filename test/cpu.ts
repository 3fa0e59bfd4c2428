/** Processor time so far, in ms. A test that guards against quadratic time must not fail because the machine is busy. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
