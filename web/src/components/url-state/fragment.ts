/** What an address says before and behind its `#`. */

export interface Address {
  readonly search: string;
  readonly hash: string;
}

/** @returns All values of an address, wherever in it they stand. */
export function paramsOf({ search, hash }: Address): URLSearchParams {
  const params = new URLSearchParams(search);
  for (const [name, value] of new URLSearchParams(hash.slice(1))) params.set(name, value);
  return params;
}

/**
 * @param long - Values that stand behind the `#`. No browser sends that part, so it may be as long as it likes; with 16 kB before it a
 *   server refuses the page.
 */
export function addressOf(params: URLSearchParams, long: readonly string[]): Address {
  const [before, behind] = [new URLSearchParams(), new URLSearchParams()];
  for (const [name, value] of params) (long.includes(name) ? behind : before).append(name, value);
  return { search: before.toString(), hash: behind.toString() };
}
