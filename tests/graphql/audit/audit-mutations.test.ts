import { buildSchema, graphql, GraphQLError } from 'graphql';

import { auditMutations, codeOf, outcomeOf, shortInput } from '../../../graphql/audit/audit-mutations';

const SDL = `
  type Query { one: Int }
  input Input { name: String }
  type Mutation { rename(input: Input!): String, again: String }
`;

describe('auditMutations', () => {
  let entries: object[];
  const clearAll = jest.fn();
  const audit = {
    enter: async (entry: object, run: () => Promise<unknown>) => {
      entries.push(entry);
      return run();
    },
  };
  const schema = buildSchema(SDL);
  schema.getMutationType()!.getFields().rename.resolve = (_root, { input }) => `renamed to ${input.name}`;
  auditMutations(schema);
  beforeEach(() => (entries = []));

  const run = (source: string, caller: object, rootValue = {}) =>
    graphql({
      schema,
      source,
      rootValue,
      contextValue: {
        audit,
        loaders: { clearAll },
        caller: { key: null, userExternalId: null, role: 'READER', ...caller },
      },
    });

  it('leaves an entry that names the caller, the mutation and its input, and answers as before', async () => {
    const { data } = await run('mutation { rename(input: {name: "mug"}) }', {
      key: { id: 7, name: 'editor' },
      role: 'EDITOR',
    });
    expect(data).toEqual({ rename: 'renamed to mug' });
    expect(clearAll).toHaveBeenCalledTimes(1);
    expect(entries).toEqual([
      { role: 'EDITOR', caller: 'editor', apiKeyId: 7, mutation: 'rename', input: expect.anything() },
    ]);
    expect(JSON.stringify(entries)).toContain('mug');
  });

  it('stands around mutations without a resolver of their own, and not around queries', async () => {
    const key = { key: { id: 1, name: 'k' } };
    expect((await run('mutation { again }', key, { again: () => 'done' })).data).toEqual({ again: 'done' });
    expect((await run('{ one }', key, { one: 1 })).data).toEqual({ one: 1 });
    expect(entries).toMatchObject([{ mutation: 'again' }]);
  });
});

describe('outcomeOf', () => {
  it('is the code of the first error that the payload has for its caller', () => {
    expect(outcomeOf({ userErrors: [{ code: 'TAKEN' }, { code: 'INVALID' }] })).toBe('TAKEN');
  });
});

describe('codeOf', () => {
  it('is the code that clients see', () => {
    expect(codeOf(new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } }))).toBe('FORBIDDEN');
    expect(codeOf(new Error('a bug'))).toBe('INTERNAL_SERVER_ERROR');
    expect(codeOf(new GraphQLError('no'))).toBe('INTERNAL_SERVER_ERROR');
  });
});

describe('shortInput', () => {
  it.each<[string, unknown, string]>([
    ['plain values', { name: 'shop', role: 'ADMIN', dryRun: false }, '{"name":"shop","role":"ADMIN","dryRun":false}'],
    ['a few ids', { itemIds: ['a', 'b'] }, '{"itemIds":["a","b"]}'],
    ['many ids by their number', { itemIds: Array(6).fill('a') }, '{"itemIds":"6 entries"}'],
    ['objects by their number', { items: [{ title: 'x' }] }, '{"items":"1 entries"}'],
    ['a long text by its beginning', { name: 'x'.repeat(61) }, `{"name":"${'x'.repeat(60)}…"}`],
    ['no secret', { secret: 'abc', password: 'abc', token: 'abc' }, '{"secret":"***","password":"***","token":"***"}'],
    ['no users but their number', { users: [{ externalId: 'ann' }, { id: 'x' }] }, '{"users":"2 entries"}'],
    ['not even one alone', { user: { externalId: 'ann' } }, '{"user":"1 entries"}'],
    ['a time', { expiresAt: new Date(0) }, '{"expiresAt":"1970-01-01T00:00:00.000Z"}'],
    ['characters that databases refuse as escapes', { name: 'a\0\ud800' }, '{"name":"a\\u0000\\ud800"}'],
    ['no input at all', undefined, ''],
  ])('keeps %s', (_what, input, text) => {
    expect(shortInput(input)).toBe(text);
  });
});
