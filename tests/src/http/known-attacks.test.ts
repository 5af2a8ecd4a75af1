import { app, ask, overHttp, overWebSocket, server, start } from '../../support/both-protocols';

describe('known attacks, over HTTP and over WebSocket', () => {
  it.each<[string, string, string]>([
    [
      'alias overloading',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'QUERY_TOO_LARGE',
    ],
    ['directive overloading', `{ __typename ${'@aa'.repeat(400)} }`, 'QUERY_TOO_LARGE'],
    [
      'circular introspection',
      `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} }'.repeat(5)} } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a fragment that contains itself', '{ ...A } fragment A on Query { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ['field duplication', `{ ${'catalogue { version } '.repeat(400)} }`, 'QUERY_TOO_LARGE'],
    ['field duplication in fragments', `{ ${'... { __typename } '.repeat(300)} }`, 'QUERY_TOO_LARGE'],
    ['a text of many tokens', `{ ${'__typename '.repeat(5_000)} }`, 'QUERY_TOO_LARGE'],
    ['deep nesting', `{ semanticIdPrefix { ${'parent { '.repeat(20)} depth ${'} '.repeat(20)} } }`, 'QUERY_TOO_DEEP'],
    [
      'lists within lists',
      '{ users(first: 100) { nodes { recommendations(first: 100) { nodes { item { similarItems(first: 100) { nodes { id } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'walks through the trie from each of many items',
      '{ items(first: 100) { nodes { similarItems(first: 35) { nodes { similarItems(first: 1) { pageInfo { hasNextPage } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'the pages of many prefixes',
      '{ items(first: 100) { nodes { similarItems(first: 20) { nodes { semanticId { prefixes { items(first: 1) { nodes { id } } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'fragments without fields',
      `{ __typename ${'...F '.repeat(31)} } fragment F on Query { ${'... { '.repeat(70)} __typename ${'} '.repeat(70)} }`,
      'QUERY_TOO_LARGE',
    ],
  ])('%s is refused before anything runs, in a short answer', async (_attack, query, code) => {
    await start();
    const answer = await ask({ query });
    expect(answer.errors?.[0].extensions?.code).toBe(code);
    expect(JSON.stringify(answer).length).toBeLessThan(3_000);
    expect(app.services.calls).toEqual([]);
  });

  it('no answer has traces, places in our code, or a header that names the engine', async () => {
    await start();
    app.services.catalogue.version = () => Promise.reject(new Error('at src/secret.ts'));
    for (const query of ['{ catalogue { version } }', '{ nothing }', '{ items(', '{ __typename }']) {
      for (const answer of [await overHttp({ query }), await overWebSocket({ query })]) {
        expect(JSON.stringify(answer)).not.toMatch(/stacktrace|tracing|node_modules|\.ts\b|\.js\b/);
      }
    }
    const { headers } = await fetch(`${server.url}/graphql`, { method: 'POST' });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each<[string, unknown]>([
    ['a NUL character', 'a\0b'],
    ['half of a surrogate pair', 'a\ud83d'],
  ])('%s in an argument is named as the mistake of the caller', async (_what, externalId) => {
    await start();
    const query = 'query ($externalId: String!) { item(externalId: $externalId) { id } }';
    const { errors } = await ask({ query, variables: { externalId } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [['externalId']] } }]);
  });
});
