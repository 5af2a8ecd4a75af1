import { parse } from 'graphql';

import { checkSubscriptionSize } from '../../../src/http/subscription-size';
import { OPERATIONS } from '../../support/operations';

const check = (query: string, more = {}) => checkSubscriptionSize({ query, ...more }, parse(query));
/** A document of so many tokens, with those at its start and end. */
const ofTokens = (count: number) => `subscription {${' a'.repeat(count - 5)} }`;
/** Lists within lists. */
const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as object;

describe('checkSubscriptionSize', () => {
  it('takes the subscriptions of the console, and as many words and signs as there may be', () => {
    const subscriptions = Object.values(OPERATIONS).filter((text) => text.includes('subscription '));
    expect(subscriptions).toHaveLength(3);
    for (const text of [...subscriptions, ofTokens(400)]) check(text);
  });

  it.each<[string, string, object]>([
    ['too many words and signs', ofTokens(401), {}],
    ['a long comment', `subscription { a } # ${'x'.repeat(4_096)}`, {}],
    ['long variables', 'subscription { a }', { variables: { x: 'x'.repeat(4_096) } }],
    ['anything deep', 'subscription { a }', { extensions: { x: nested(30_000) } }],
    ['anything long', 'subscription { a }', { filler: 'x'.repeat(4_096) }],
  ])('refuses %s', (_, query, more) => {
    expect(() => check(query, more)).toThrow('subscription: expected at most 4096 characters and 400 words and signs');
  });
});
