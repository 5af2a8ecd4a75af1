import type { Context } from '../../../graphql/context';
import { prefixOf } from '../../../graphql/semantic-id/prefix-of';

describe('prefixOf', () => {
  it('is the prefix of the trie, and one without items where the last item was removed meanwhile', async () => {
    const prefix = async (codes: readonly number[]) => (codes[0] === 1 ? { codes, itemCount: 3 } : null);
    const context = { loaders: { prefix } } as unknown as Context;
    expect(await prefixOf([1, 2], context)).toEqual({ codes: [1, 2], itemCount: 3 });
    expect(await prefixOf([4], context)).toEqual({ codes: [4], itemCount: 0 });
  });
});
