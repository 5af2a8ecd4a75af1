import { serveFakeApi } from '../../support/fake-api';

const api = serveFakeApi();

describe('ReassignmentPayloadResolver', () => {
  it('answers with as many changes as are asked for, and says how many there are', async () => {
    const changes = [1, 2, 3].map((itemId) => ({ itemId, before: null, after: [itemId, 0, 0] }));
    const refusal = { impact: null, baseVersion: null, catalogueVersion: null, userErrors: [] };
    const port = jest.spyOn(api.app.services.catalogue, 'reassignSemanticIds');
    port.mockResolvedValue({ ...refusal, changes });
    const answerTo = async (args: string) => {
      const document = `mutation {
        reassignSemanticIds(input: { all: true }) { changeCount changes${args} { item { externalId } after } }
      }`;
      return (await api.admin.execute(document)).expectData().reassignSemanticIds;
    };
    const shown = changes.map(({ itemId, after }) => ({ item: { externalId: `item-${itemId}` }, after }));
    expect(await answerTo('')).toEqual({ changeCount: 3, changes: shown });
    expect(await answerTo('(first: 2)')).toEqual({ changeCount: 3, changes: shown.slice(0, 2) });
    port.mockRestore();
  });
});
