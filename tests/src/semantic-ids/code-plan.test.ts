import { toGlobalId } from '../../../graphql/common/global-id';
import { findActiveTokenizer, type ActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { planCodes, planErrors } from '../../../src/semantic-ids/code-plan';
import type { ItemToEncode } from '../../../src/semantic-ids/items-to-encode';
import { add, opened, test, useCatalogue } from '../../support/catalogue-suite';

describe('planCodes', () => {
  useCatalogue();
  let tokenizer: ActiveTokenizer;
  beforeEach(async () => {
    tokenizer = (await findActiveTokenizer(opened.database.read))!;
  });

  const plan = (...items: ItemToEncode[]) => planCodes(test.services, tokenizer, items);
  const toEncode = (itemId: number, text: string): ItemToEncode => ({ itemId, text });

  it('makes the vector of an item that has none, and keeps the stored one whatever the text', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    await opened.database.write(({ itemVector }) => itemVector.deleteMany({ where: { itemId: a.id } }));
    const [forA, forB] = await plan(toEncode(a.id, '#2.2 a'), toEncode(b.id, '#2.2 b'));
    expect(forA).toMatchObject({ itemId: a.id, before: [1, 1, 0], codes: [2, 2], placement: { codes: [2, 2, 0] } });
    expect(forA.madeVector).toMatchObject({ itemId: a.id, encoder: 'use-lite-en', dims: 512 });
    expect([...forA.madeVector!.vector.subarray(0, 2)]).toEqual([3, 3]);
    expect(forB).toMatchObject({ codes: [1, 1], placement: { codes: [1, 1, 1] }, madeVector: null });
  });

  it('gives items whose group is full a place beside it', async () => {
    const full = Array.from({ length: 4 }, (_, i) => ({ externalId: `${i}`, title: '#1.1' }));
    await add(...full);
    const [a, b] = await add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#1.1 b' });
    await opened.database.write(({ itemVector }) => itemVector.deleteMany({ where: { itemId: a.id } }));
    const [forA, forB] = await plan(toEncode(a.id, '#1.1 a'), toEncode(b.id, '#1.1 b'));
    expect(forB.placement).toEqual({ codes: [1, 2, 0] }); // where it was moved when it came
    expect(forA.placement).toEqual({ codes: [1, 2, 1] });
  });

  it('finds no place for an item whose vector is of another width', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    const data = new Uint8Array(Float32Array.of(1, 2).buffer);
    await opened.database.write((transaction) =>
      transaction.itemVector.update({ where: { itemId: a.id }, data: { dims: 2, data } }),
    );
    const planned = await plan(toEncode(a.id, '#1.1 a'), toEncode(b.id, '#2.2 b'));
    expect(planned[0]).toMatchObject({ codes: [], before: [1, 1, 0], placement: { refused: 'WIDTH' } });
    expect(planned[1]).toMatchObject({ codes: [2, 2], placement: { codes: [2, 2, 0] } });
    expect(planErrors(planned, tokenizer, (itemId) => ['at', itemId])).toMatchObject([
      {
        code: 'INVALID',
        message: expect.stringContaining(`expected 512 numbers for item ${toGlobalId('Item', a.id)},`),
        field: ['at', String(a.id)],
      },
    ]);
  });
});
