import { parse } from 'graphql';

import { conditionalSubscription } from '../../../src/api/conditional-subscriptions';

describe('conditionalSubscription', () => {
  it.each([
    'subscription { a @skip(if: true) }',
    'subscription ($b: Boolean!) { a @include(if: $b) }',
    'subscription { ... @skip(if: true) { a } }',
    'subscription { ... on Subscription { a @skip(if: false) } }',
    'subscription { ...F @include(if: false) } fragment F on Subscription { a }',
    'subscription { ...F } fragment F on Subscription { ...G } fragment G on Subscription { a @skip(if: true) }',
    'query A { a } subscription B { a @skip(if: true) }',
  ])('refuses %s', (text) => {
    expect(conditionalSubscription(parse(text))).toMatchObject({
      message: expect.stringContaining('expected a field without @skip and @include'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      locations: [{ line: 1 }],
    });
  });

  it.each([
    'subscription { a }',
    'subscription { a { b @skip(if: true) } }',
    'query { a @skip(if: true) }',
    'subscription { ...F } fragment F on Subscription { ...F }',
    'subscription { ...F }',
    'subscription { ...F } fragment F on Subscription { a } fragment G on Subscription { a @skip(if: true) }',
  ])('leaves %s to others', (text) => {
    expect(conditionalSubscription(parse(text))).toBeNull();
  });
});
