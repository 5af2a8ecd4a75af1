import { getOperationAST, parse } from 'graphql';

import { buildTigerSchema } from '../../../graphql/schema';
import { createGuards } from '../../../src/api/guards';
import { testConfig } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

const schema = buildTigerSchema();
const { limits } = testConfig();

function requestOf(text: string) {
  const document = parse(text);
  return { document, operation: getOperationAST(document)! };
}

function codes(text: string, variables: Record<string, unknown> = {}, changed: Partial<typeof limits> = {}) {
  const guards = createGuards(schema, { ...limits, ...changed });
  return guards.check({ ...requestOf(text), variables }).map(({ extensions }) => extensions.code);
}

/** The lowest limit that lets the operation through. */
function costOf(text: string, variables: Record<string, unknown> = {}): number {
  const guards = createGuards(schema, { ...limits, maxCost: -1 });
  const [refusal] = guards.check({ ...requestOf(text), variables });
  return Number(/got (\d+)/.exec(refusal.message)?.[1]);
}

describe('createGuards', () => {
  it.each(Object.entries(OPERATIONS).filter(([, text]) => !text.includes('mutation')))(
    'lets %s pass',
    (_name, text) => {
      const variables = { externalId: 'a', history: ['a'], id: 'x', metric: 'loss' };
      expect(codes(text, variables)).toEqual([]);
    },
  );

  it.each([
    ['add-items', { items: Array.from({ length: 1000 }, (_, i) => ({ externalId: `${i}`, title: 'x' })) }],
    [
      'record-interactions',
      { interactions: Array.from({ length: 1000 }, () => ({ userExternalId: 'u', itemExternalId: 'i' })) },
    ],
  ])('lets %s with 1,000 rows pass', (name, input) => {
    expect(codes(OPERATIONS[name], { input })).toEqual([]);
  });

  it('lets a page of 100 users with 10 recommendations each pass', () => {
    expect(codes(OPERATIONS.shop, { first: 100, historyFirst: 20, recommendationsFirst: 10 })).toEqual([]);
  });

  it('refuses a page of 100 users with 100 recommendations each', () => {
    expect(codes(OPERATIONS.shop, { first: 100, recommendationsFirst: 100 })).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('counts rows by hand', () => {
    // users 1 + 3 × (nodes 1 + history 1 + 2 × (nodes 1 + item 1))
    const history = '{ users(first: 3) { nodes { history(first: 2) { nodes { item { title } } } } } }';
    expect(costOf(history)).toBe(1 + 3 * (1 + 1 + 2 * (1 + 1)));
    // beam search 50 + 10 × (nodes 1 + item 1 + explanation 4 × (1 + prefix 1))
    const explained =
      'query ($h: [String!]!) { recommendations(history: $h) { nodes { item { id } explanation { code prefix { depth } } } } }';
    expect(costOf(explained, { h: ['a'] })).toBe(50 + 10 * (1 + 1 + 4 * 2));
  });

  it('counts a wider beam as dearer', () => {
    const text = 'query ($w: Int) { recommendations(history: ["a"], options: { beamWidth: $w }) { catalogueVersion } }';
    expect([20, 200].map((w) => costOf(text, { w }))).toEqual([50, 500]);
  });

  it('counts what a mutation answers once a row of its input', () => {
    const text = 'mutation ($input: RemoveItemsInput!) { removeItems(input: $input) { items { title } } }';
    expect(costOf(text, { input: { itemIds: ['a', 'b', 'c'] } })).toBe(1 + 3);
  });

  it('makes nothing cheaper by a negative page', () => {
    expect(costOf('{ users(first: -1000) { nodes { id } } }')).toBe(2);
  });

  it.each([
    ['QUERY_TOO_DEEP', { maxDepth: 3 }],
    ['QUERY_TOO_LARGE', { maxFields: 4 }],
    ['QUERY_TOO_LARGE', { maxAliases: 1 }],
    ['QUERY_TOO_COSTLY', { maxCost: 10 }],
  ])('refuses with %s at %j', (code, changed) => {
    const text = '{ a: items { nodes { semanticId { text } } } b: items { nodes { id } } }';
    expect(codes(text)).toEqual([]);
    expect(codes(text, {}, changed)).toEqual([code]);
  });

  it('refuses variables of the wrong type', () => {
    expect(codes(OPERATIONS.shop, { first: 'many' })).toEqual(['BAD_USER_INPUT']);
  });

  it('takes a fragment bomb for what it is', () => {
    const fragments = Array.from({ length: 30 }, (_, i) => `fragment F${i} on Item { ...F${i + 1} ...F${i + 1} }`);
    const text = `{ items { nodes { ...F0 } } } ${fragments.join(' ')} fragment F30 on Item { id }`;
    expect(codes(text)).toEqual(['QUERY_TOO_LARGE']);
  });
});
