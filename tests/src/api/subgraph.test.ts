import { composeServices } from '@apollo/composition';
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse, printSchema } from 'graphql';

import { buildTigerSchema } from '../../../graphql/schema';
import { asSubgraph } from '../../../src/api/subgraph';
import { startServer } from '../../../src/http/server';
import { createFakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';

/** A second part, which knows the stock of items, has pages, and lists items of its own. */
const STOCK = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Item @key(fields: "externalId") { externalId: String! stock: Int! }
  type User @key(fields: "externalId") { externalId: String! points: Int! }
  type PageInfo @shareable { hasNextPage: Boolean! }
  interface Node { id: ID! }
  type Query { node(id: ID!): Node scarce: [Item!]! members: [User!]! }
`);
const stock = buildSubgraphSchema({
  typeDefs: STOCK,
  resolvers: {
    Item: { stock: ({ externalId }: { externalId: string }) => Number(externalId.slice('item-'.length)) * 10 },
    Query: {
      scarce: () => [{ externalId: 'item-2' }, { externalId: 'nothing' }],
      members: () => [{ externalId: '1' }],
    },
  },
});

describe('asSubgraph', () => {
  const app = { ...createFakeApp('catalogue'), schema: asSubgraph(buildTigerSchema()) };
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => ({ url, close } = await startServer(app, testConfig())));
  afterAll(() => close());

  /** Composes both parts, and asks Apollo's gateway. */
  async function ask(query: string, key?: string) {
    const { _service } = (await testClient(url).execute('{ _service { sdl } }')).expectData();
    const { supergraphSdl, errors } = composeServices([
      { name: 'shop', typeDefs: parse(_service.sdl), url: `${url}/graphql` },
      { name: 'stock', typeDefs: STOCK, url: 'http://stock' },
    ]);
    expect(errors).toBeUndefined();
    const gateway = new ApolloGateway({
      supergraphSdl: supergraphSdl!,
      buildService: ({ name }) =>
        name === 'stock'
          ? new LocalGraphQLDataSource(stock)
          : new RemoteGraphQLDataSource({
              url: `${url}/graphql`,
              willSendRequest: ({ request }) =>
                void (key && request.http!.headers.set('authorization', `Bearer ${key}`)),
            }),
    });
    const { executor, schema } = (await gateway.load()) as unknown as { schema: GraphQLSchema; executor: Executor };
    const document = parse(query);
    const answer = await executor({
      ...{ request: { query }, document, source: query, queryHash: query, schema, context: {}, logger: console },
      ...{
        operationName: undefined,
        operation: document.definitions[0],
        metrics: {},
        cache: {},
        overallCachePolicy: {},
      },
    });
    await gateway.stop();
    return answer;
  }

  it('lets another part add fields to the items of a list', async () => {
    const { data, errors } = await ask('{ items(first: 2) { nodes { title stock } pageInfo { hasNextPage } } }');
    expect(errors).toBeUndefined();
    expect(data.items).toEqual({
      nodes: [
        { title: 'Item 1', stock: 10 },
        { title: 'Item 2', stock: 20 },
      ],
      pageInfo: { hasNextPage: true },
    });
  });

  it('finds the items that another part names, and says nothing of one that is not there', async () => {
    const { data } = await ask('{ scarce { externalId brand } }');
    expect(data.scarce).toEqual([
      { externalId: 'item-2', brand: 'Even' },
      { externalId: 'nothing', brand: null },
    ]);
  });

  it('shows users that another part names to those alone who may see them', async () => {
    const query = '{ members { history(first: 1) { nodes { kind } } } }';
    expect((await ask(query, KEYS.READER)).data.members[0].history.nodes).toHaveLength(1);
    const { errors } = await ask(query);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    { __typename: 'User', externalId: true },
    { __typename: 'Item', externalId: { not: '' } },
    { __typename: 'Item', externalId: 'a\0' },
    { __typename: 'ApiKey', externalId: 'item-1' },
    'item-1',
  ])('refuses %j, which names no item and no user', async (representation) => {
    const document = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    const answer = await testClient(url, KEYS.ADMIN).execute(document, { of: [representation] });
    expect(answer.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0].message).toMatch(/^representations\.0: expected the __typename Item or User/);
  });

  it('costs a row for each entity', async () => {
    const representations = Array.from({ length: 4_000 }, () => ({ __typename: 'Item', externalId: 'item-1' }));
    const document = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Item { similarItems(first: 100) { nodes { title } } } }
    }`;
    const answer = await testClient(url).execute(document, { representations }).catch(String);
    expect(answer).toMatchObject({ status: 413 });
    const some = await testClient(url, KEYS.ADMIN).execute(document, { representations });
    expect(some.expectErrors()).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('has the same schema beside what federation adds, with node for clients that ask it alone', async () => {
    const linesOf = (schema: GraphQLSchema) => printSchema(schema).split('\n');
    const federated = new Set(linesOf(app.schema));
    expect(linesOf(buildTigerSchema()).filter((line) => !federated.has(line))).toEqual([]);
    const { item } = (await testClient(url).execute('{ item(externalId: "item-1") { id } }')).expectData();
    const { node } = (await testClient(url).execute('query ($id: ID!) { node(id: $id) { id } }', { id: item.id })).expectData(); // prettier-ignore
    expect(node).toEqual(item);
  });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Executor = (request: object) => Promise<any>;
