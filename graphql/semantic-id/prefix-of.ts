import type { Context } from '../context';
import type { PrefixRecord } from './records';

/** @returns The prefix; with no items when its last item was removed while the request ran. */
export async function prefixOf(codes: readonly number[], { loaders }: Context): Promise<PrefixRecord> {
  return (await loaders.prefix(codes)) ?? { codes, itemCount: 0 };
}
