/** How much processor time a server has taken: on a machine that others use too, this changes less than the time on the clock. */

/** @returns Seconds since it started, by its metrics. */
export async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}
