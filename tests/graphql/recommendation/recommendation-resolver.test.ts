import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('RecommendationResolver', () => {
  it('names the unknown items of the history in the extensions', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1', 'nobody'] });
    expect(answer.expectData().recommendations.nodes).toHaveLength(4);
    expect(answer.extensions).toEqual({ skippedItems: ['nobody'] });
  });

  it('has no extensions when every item is known', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    answer.expectData();
    expect(answer.extensions).toEqual({});
  });

  it('explains an item by the steps that the decoder wrote, each with the prefix that it leads to', async () => {
    const document =
      '{ recommendations(history: ["item-1"], first: 1) { nodes { explanation { level code prefix { codes } } } } }';
    const [{ explanation }] = (await api.reader.execute(document)).expectData().recommendations.nodes;
    const codes = explanation.map(({ code }: { readonly code: number }) => code);
    expect(codes.length).toBeGreaterThan(1);
    expect(explanation).toEqual(
      codes.map((code: number, level: number) => ({ level, code, prefix: { codes: codes.slice(0, level + 1) } })),
    );
  });
});
