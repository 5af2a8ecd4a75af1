import { formatCount } from './format';

/** @returns Such as `1 item` and `2,000 items`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
