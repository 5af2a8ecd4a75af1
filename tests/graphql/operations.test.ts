import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  buildSchema,
  getNamedType,
  type GraphQLNamedType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

import { PACKAGE_ROOT } from '../../src/paths';
import { serveFakeApi } from '../support/fake-api';
import { OPERATIONS } from '../support/operations';

const api = serveFakeApi();
const SCHEMA = buildSchema(readFileSync(join(PACKAGE_ROOT, 'graphql', 'schema.graphql'), 'utf8'));

/** Caches of clients know a thing by its `id`: without it, what a mutation answers does not reach what is shown already. */
describe('documents', () => {
  const hasId = (type: GraphQLNamedType | undefined) => isObjectType(type) && 'id' in type.getFields();
  const asksForId = ({ selections }: SelectionSetNode) =>
    selections.some((each) => each.kind === Kind.FIELD && each.name.value === 'id');

  it.each(Object.entries(OPERATIONS))('%s asks for the id of all that has one', (_name, document) => {
    const lacking: string[] = [];
    const types = new TypeInfo(SCHEMA);
    const SelectionSet = (node: SelectionSetNode) => {
      const type = getNamedType(types.getParentType() ?? undefined);
      if (hasId(type) && !asksForId(node)) lacking.push(`${type} in line ${node.loc?.startToken.line}`);
    };
    visit(parse(document), visitWithTypeInfo(types, { SelectionSet }));
    expect(lacking).toEqual([]);
  });

  it.each(Object.entries(OPERATIONS).filter(([, document]) => /^subscription/m.test(document)))(
    '%s can go on after the last event that came',
    (_name, document) => expect(document).toContain('after: $after'),
  );
});

describe('queries', () => {
  it('answers null for what is not there', async () => {
    const document = `{
      item(externalId: "nobody") { id }
      user(externalId: "nobody") { id }
      trainingJob(id: "nonsense") { id }
      semanticIdPrefix(codes: [250]) { itemCount }
    }`;
    const data = (await api.reader.execute(document)).expectData();
    expect(data).toEqual({ item: null, user: null, trainingJob: null, semanticIdPrefix: null });
  });
});

describe('arguments out of bounds', () => {
  const tooManyItems = { items: Array.from({ length: 1001 }, (_, i) => ({ externalId: `${i}`, title: 'x' })) };
  it.each([
    ['a page of 101', 'items', { first: 101 }, 'first: expected a number from 1 to 100, got 101'],
    [
      'a history of 201',
      'recommendations',
      { history: new Array(201).fill('a') },
      'history: expected 0 to 200 entries, got 201 entries',
    ],
    [
      'an empty id in a history',
      'recommendations',
      { history: [''] },
      'history: expected texts of 1 to 200 characters, got [""]',
    ],
    [
      'a temperature of 11',
      'recommendations',
      { history: ['a'], options: { temperature: 11 } },
      'options.temperature: expected a number from 0 to 10, got 11',
    ],
    ['a negative code', 'prefix', { codes: [-1] }, 'codes: expected numbers from 0 to 65535, got [-1]'],
    ['no items', 'upsert-items', { input: { items: [] } }, 'items: expected 1 to 1000 entries, got []'],
    ['1,001 items', 'upsert-items', { input: tooManyItems }, 'items: expected 1 to 1000 entries, got 1001 entries'],
  ])('refuses %s', async (_what, operation, variables, message) => {
    const answer = await api.admin.execute(OPERATIONS[operation], variables);
    expect(answer.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0].message).toBe(message);
    expect(api.app.services.calls.filter(({ port }) => port !== 'recommend')).toEqual([]);
  });

  it('refuses a malformed date before anything runs', async () => {
    const interactions = [{ user: { externalId: 'u' }, item: { externalId: 'i' }, occurredAt: 'yesterday' }];
    const answer = await api.admin.execute(OPERATIONS['record-interactions'], { input: { interactions } });
    expect(answer.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0].message).toContain('interactions[0].occurredAt');
    expect(answer.status).toBe(400);
  });
});
