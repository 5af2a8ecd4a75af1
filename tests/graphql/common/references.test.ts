import { toGlobalId } from '../../../graphql/common/global-id';
import { externalIdsOf, rowsOf } from '../../../graphql/common/references';
import { serveFakeApi } from '../../support/fake-api';

const ROWS = [1, 2].map((id) => ({ id, externalId: `item-${id}` }));

/** A catalogue of two items that notes what it is asked for. */
function catalogueOfTwo() {
  const asked: object[] = [];
  const namedRows = async (_: string, names: { ids?: readonly number[]; externalIds?: readonly string[] }) => {
    asked.push(names);
    return ROWS.filter(({ id, externalId }) => names.ids?.includes(id) || names.externalIds?.includes(externalId));
  };
  return { asked, context: { catalogue: { namedRows } } as unknown as Parameters<typeof rowsOf>[2] };
}

const REFERENCES = [{ externalId: 'item-2' }, { id: toGlobalId('Item', 1) }, { externalId: 'x' }, { id: 'nonsense' }];
const MISSING = [
  { code: 'NOT_FOUND', message: 'items.2: expected an item that there is, got "x"', field: ['items', '2'] },
  { code: 'NOT_FOUND', message: 'items.3: expected an item that there is, got "nonsense"', field: ['items', '3'] },
];

describe('rowsOf', () => {
  it('finds the rows of both kinds of IDs in one query, and names those that nothing has', async () => {
    const { asked, context } = catalogueOfTwo();
    const answer = await rowsOf('Item', REFERENCES, context, (index) => ['items', index]);
    expect(answer).toEqual({ rows: [2, 1, 0, 0], userErrors: MISSING });
    expect(asked).toEqual([{ externalIds: ['item-2', 'x'] }]);
  });
});

describe('externalIdsOf', () => {
  it('asks for global IDs alone, since an external ID may be of a user who comes to be', async () => {
    const { asked, context } = catalogueOfTwo();
    const answer = await externalIdsOf('Item', REFERENCES, context, (index) => ['items', index]);
    expect(answer).toEqual({ externalIds: ['item-2', 'item-1', 'x', ''], userErrors: [MISSING[1]] });
    expect(asked).toEqual([{ ids: [1] }]);
  });
});

describe('a reference in a request', () => {
  const api = serveFakeApi();
  const remove = (item: string) => `mutation { removeItems(input: { items: [${item}] }) { catalogueVersion } }`;

  it.each(['{}', '{ id: "a", externalId: "b" }', '{ externalId: null }'])('%s is refused', async (item) => {
    expect((await api.admin.execute(remove(item))).expectErrors()).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(api.callsOf('removeItems')).toEqual([]);
  });
});
