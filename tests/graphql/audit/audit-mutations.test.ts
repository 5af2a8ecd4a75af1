import { buildSchema, graphql } from 'graphql';

import { auditMutations } from '../../../graphql/audit/audit-mutations';

const SDL = `
  type Query { one: Int }
  input Input { name: String }
  type Mutation { rename(input: Input!): String, again: String }
`;

describe('auditMutations', () => {
  let entries: object[];
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
      contextValue: { audit, caller: { key: null, userExternalId: null, role: 'READER', ...caller } },
    });

  it('leaves an entry that names the caller, the mutation and its input, and answers as before', async () => {
    const { data } = await run('mutation { rename(input: {name: "mug"}) }', {
      key: { id: 7, name: 'editor' },
      role: 'EDITOR',
    });
    expect(data).toEqual({ rename: 'renamed to mug' });
    expect(entries).toEqual([
      { role: 'EDITOR', caller: 'editor', apiKeyId: 7, mutation: 'rename', input: expect.anything() },
    ]);
    expect(JSON.stringify(entries)).toContain('mug');
  });

  it('names storefront users', async () => {
    await run('mutation { rename(input: {name: "mug"}) }', { userExternalId: 'ann', role: 'STOREFRONT' });
    expect(entries).toMatchObject([{ caller: 'storefront user ann', apiKeyId: null }]);
  });

  it('leaves none for callers without a key, who change nothing', async () => {
    expect((await run('mutation { rename(input: {name: "mug"}) }', {})).data).toEqual({ rename: 'renamed to mug' });
    expect(entries).toEqual([]);
  });

  it('stands around mutations without a resolver of their own, and not around queries', async () => {
    const key = { key: { id: 1, name: 'k' } };
    expect((await run('mutation { again }', key, { again: () => 'done' })).data).toEqual({ again: 'done' });
    expect((await run('{ one }', key, { one: 1 })).data).toEqual({ one: 1 });
    expect(entries).toMatchObject([{ mutation: 'again' }]);
  });
});
