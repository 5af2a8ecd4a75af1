import type { Context } from '../context';
import type { PrefixRecord } from './records';

/** A prefix that was valid a moment ago: when its last item has left since, it is shown with no items. */
export async function prefixOf(codes: readonly number[], { loaders }: Context): Promise<PrefixRecord> {
  return (await loaders.prefix(codes)) ?? { codes, itemCount: 0 };
}
