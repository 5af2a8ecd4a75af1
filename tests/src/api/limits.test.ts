import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { GraphQLError } from 'graphql';
import {
  getIntrospectionQuery,
  getNamedType,
  getOperationAST,
  type GraphQLArgument,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';

import { buildTigerSchema } from '../../../graphql/schema';
import { RequestLimits, validationRules } from '../../../src/api/limits';
import { PACKAGE_ROOT } from '../../../src/paths';
import { testConfig } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

const schema = buildTigerSchema();
const { limits } = testConfig();

function requestOf(text: string) {
  const document = parse(text);
  return { document, operation: getOperationAST(document)! };
}

function check(request: Parameters<RequestLimits['check']>[0], changed: Partial<typeof limits> = {}): GraphQLError[] {
  const all = { ...limits, ...changed };
  const errors = validate(schema, request.document, validationRules(all));
  if (errors.length > 0) return [...errors];
  try {
    new RequestLimits(schema, all).check(request);
    return [];
  } catch (error) {
    return [error as GraphQLError];
  }
}

function codes(text: string, variables: Record<string, unknown> = {}, changed: Partial<typeof limits> = {}) {
  return check({ ...requestOf(text), variables }, changed).map(({ extensions }) => extensions.code);
}

function nested(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

/** The lowest limit that lets the operation through. */
function costOf(text: string, variables: Record<string, unknown> = {}): number {
  const [refusal] = check({ ...requestOf(text), variables }, { maxCost: -1 });
  return Number(/got (\d+)/.exec(refusal.message)?.[1]);
}

/** The field of each type that takes a number of rows, with the way to it from a query. */
function fieldsWithRows(): { name: string; ask(rows: string): string; usual: number }[] {
  const ways = new Map<string, (inner: string) => string>([['Query', (inner) => `{ ${inner} }`]]);
  const found = [];
  for (const [typeName, way] of ways) {
    const type = schema.getType(typeName);
    for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) continue;
      if (!ways.has(inner.name)) ways.set(inner.name, (text) => way(`${field.name}${argumentsOf(field)} { ${text} }`));
      const rows = field.args.find(({ name }) => name === 'first' || name === 'points');
      if (!rows) continue;
      const rest = isObjectType(inner) && inner.getFields().nodes ? 'nodes { __typename }' : '__typename';
      found.push({
        name: `${typeName}.${field.name}`,
        ask: (value: string) => way(`${field.name}${argumentsOf(field, `${rows.name}: ${value}`)} { ${rest} }`),
        usual: Number(rows.defaultValue),
      });
    }
  }
  return found;
}

/** Values for the arguments that a field needs. */
function argumentsOf({ args }: GraphQLField<unknown, unknown>, more = ''): string {
  const valueOf = ({ type }: GraphQLArgument) => {
    const inner = getNamedType(type);
    if (isEnumType(inner)) return inner.getValues()[0].name;
    if (isInputObjectType(inner)) return '{}';
    return String(type).startsWith('[') ? '["x"]' : '"x"';
  };
  const needed = args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
  const texts = [...needed.map((argument) => `${argument.name}: ${valueOf(argument)}`), ...(more ? [more] : [])];
  return texts.length > 0 ? `(${texts.join(', ')})` : '';
}

/** The documents of the console, all in one: they share fragments. */
function consoleDocument() {
  const folder = join(PACKAGE_ROOT, 'web', 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  return parse(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'));
}

describe('the limits of an operation', () => {
  it.each(Object.entries(OPERATIONS).filter(([, text]) => !text.includes('mutation')))(
    'lets %s pass',
    (_name, text) => {
      const variables = { externalId: 'a', history: ['a'], id: 'x', metric: 'LOSS', placement: 'home', search: 'a' };
      expect(codes(text, variables)).toEqual([]);
    },
  );

  it.each([
    ['upsert-items', { items: Array.from({ length: 1000 }, (_, i) => ({ externalId: `${i}`, title: 'x' })) }],
    [
      'record-interactions',
      { interactions: Array.from({ length: 1000 }, () => ({ user: { externalId: 'u' }, item: { externalId: 'i' } })) },
    ],
  ])('lets %s with 1,000 rows pass', (name, input) => {
    expect(codes(OPERATIONS[name], { input })).toEqual([]);
  });

  it('counts the users that are named: 100 of them may have lists of 10', () => {
    const externalIds = Array.from({ length: 100 }, (_, n) => `user-${n}`);
    expect(codes(OPERATIONS['users-lists'], { externalIds, first: 10 })).toEqual([]);
    const dear = '{ users(externalIds: $ids) { nodes { recommendations(options: { beamWidth: 200 }) { reason } } } }';
    const query = `query ($ids: [String!]!) ${dear}`;
    expect(codes(query, { ids: externalIds })).toEqual(['QUERY_TOO_COSTLY']);
    expect(codes(query, { ids: externalIds.slice(0, 20) })).toEqual([]);
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
    expect(costOf(text, { input: { items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] } })).toBe(1 + 3);
  });

  it.each(fieldsWithRows())('counts $usual rows for a null at $name, as it serves them', ({ ask, usual }) => {
    const variable = ask('$rows').replace('{', 'query ($rows: Int) {');
    const cost = costOf(ask(String(usual)));
    expect([costOf(ask('null')), costOf(variable, { rows: null }), costOf(variable)]).toEqual([cost, cost, cost]);
    // Ten points of a curve count as a row.
    expect(cost).toBeGreaterThanOrEqual(ask('').includes('points') ? usual / 10 : usual);
  });

  it('refuses variables that are nested deeper than 32 levels, however deep they are', () => {
    const answerTo = (input: unknown) => check({ ...requestOf('{ __typename }'), variables: { input } });
    expect(answerTo(nested(31))).toEqual([]);
    for (const levels of [33, 100_000])
      expect(answerTo(nested(levels))[0].message).toMatch(
        /^input\.[a0.]{1,20}: expected at most 32 levels, got more; send flatter values$/,
      );
  });

  it('lets an event of a subscription cost less than a query', () => {
    const job = 'job { curve(metric: LOSS, points: 1000) { value } }';
    expect(codes(`{ trainingJobs(first: 9) { nodes { ${job.slice(6, -2)} } } }`)).toEqual([]);
    expect(codes(`subscription { trainingProgress { ${job} } }`)).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('lets the subscriptions of the console pass', () => {
    const document = consoleDocument();
    const subscriptions = document.definitions.filter(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === 'subscription',
    );
    expect(subscriptions).not.toEqual([]);
    for (const { name } of subscriptions as { name: { value: string } }[]) {
      const operation = getOperationAST(document, name.value)!;
      expect(check({ document, operation })).toEqual([]);
    }
  });

  it('lets tools ask about the schema, but not 40 times at once', () => {
    expect(codes(getIntrospectionQuery())).toEqual([]);
    for (const field of ['__schema { types { name } }', '__type(name: "Item") { name }']) {
      const fields = Array.from({ length: 40 }, (_, i) => `a${i}: ${field}`);
      expect(codes(`{ ${fields.join(' ')} }`)).toEqual(['QUERY_TOO_COSTLY']);
    }
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
});
