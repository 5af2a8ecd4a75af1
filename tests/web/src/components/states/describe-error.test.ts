import { GraphQLError } from 'graphql';
import { CombinedError } from 'urql';

import {
  describeError,
  describeFailedChange,
  isRefused,
} from '../../../../../web/src/components/states/describe-error';

const coded = (code: string, facts: object = {}) =>
  new CombinedError({ graphQLErrors: [new GraphQLError('first: expected 1', { extensions: { code, ...facts } })] });
const lost = (error: Error, status?: number) =>
  new CombinedError({
    networkError: error,
    response: status === undefined ? undefined : new Response(null, { status }),
  });

const gone = lost(new Error('gone'));
const SURE = ['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'OVERLOADED', 'TOO_MANY_OPERATIONS'].map((code) => coded(code)); // prettier-ignore
const UNSURE = [
  gone,
  lost(new Error('<html>'), 502),
  ...['ANSWER_TOO_LARGE', 'DATABASE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'SERVER_UNAVAILABLE', 'TRY_AGAIN'].map(
    (code) => coded(code),
  ),
];

describe('describeError', () => {
  it.each<[string, CombinedError]>([
    ['The server does not answer.', gone],
    ['The server, or a proxy in front of it, answered with 502 and no more.', lost(new Error('<html>'), 502)],
    ['The server has too much to do.', coded('OVERLOADED')],
    ['The server made a mistake. Its log has more under e1.', coded('INTERNAL_SERVER_ERROR', { errorId: 'e1' })],
    ['first: expected 1.', coded('BAD_USER_INPUT')],
  ])('says %s', (words, error) => {
    expect(describeError(error)).toBe(words);
  });
});

describe('describeFailedChange', () => {
  const DOUBT = 'It may have done it or not: look before you try again.';

  it('tells nobody to make a change again that may be made already', () => {
    for (const error of UNSURE) expect(describeFailedChange(error)).toMatch(new RegExp(`^[^.]*\\..*${DOUBT}$`));
  });

  it('says of a change that was refused what was wrong', () => {
    for (const error of SURE) expect(describeFailedChange(error)).toBe(describeError(error));
  });
});

describe('isRefused', () => {
  it('asks for another key where one would do', () => {
    expect(SURE.map(isRefused)).toEqual([false, true, true, false, false]);
    expect(UNSURE.some(isRefused)).toBe(false);
  });
});
