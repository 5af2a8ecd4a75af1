import { GraphQLError } from 'graphql';
import { CombinedError } from 'urql';

import { offers } from '../../../../../web/src/components/pickers/use-search';

const failed = (code: string) =>
  new CombinedError({ graphQLErrors: [new GraphQLError('no', { extensions: { code } })] });
const OPTIONS = ['a', 'b'];

/** The options after an answer, while nothing is typed. */
function offered(result: { fetching?: boolean; error?: CombinedError }, isTyping = false) {
  const { filter, nothingFoundMessage } = offers(
    { searched: 'a', isTyping },
    [{ fetching: false }, { fetching: false, ...result }],
    'No such item.',
  );
  return [filter({ options: OPTIONS }), nothingFoundMessage];
}

describe('offers', () => {
  it('offers what was found, or says that nothing was', () => {
    expect(offered({})).toEqual([OPTIONS, 'No such item.']);
  });

  it('offers nothing of an older search', () => {
    expect(offered({}, true)).toEqual([[], 'Searching…']);
    expect(offered({ fetching: true })).toEqual([[], 'Searching…']);
    expect(offered({ error: failed('OVERLOADED') }, true)).toEqual([[], 'Searching…']);
  });

  it('does not say that nothing was found when nothing could be looked for', () => {
    expect(offered({ error: failed('OVERLOADED') })[1]).toBe('The search failed. Type on to try it again.');
    expect(offered({ error: failed('FORBIDDEN') })[1]).toBe('This needs a key that allows it.');
  });
});
