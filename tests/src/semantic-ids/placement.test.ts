import fc from 'fast-check';

import { findActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { type Placement, placeCodes, type WantedCodes } from '../../../src/semantic-ids/placement';
import { writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { add, opened, test, tokenizerId, useCatalogue } from '../../support/catalogue-suite';

type Id = readonly number[];

/** Two levels of two codes, and the collision token: of two to four, so that groups fill up. */
const code = fc.nat(1);
const wholeId = fc.tuple(code, code, fc.nat(3)).map((id): Id => id);
const group = fc.tuple(code, code).map((codes): Id => codes);

const startsWith = (id: Id, prefix: Id) => prefix.every((each, level) => id[level] === each);

/** The rules of `placeCodes`, one after the other, over sets in memory. */
function placeByTheRules(
  stored: ReadonlyMap<number, Id>,
  wanted: readonly WantedCodes[],
  collisionSize: number,
  mayMove: boolean,
): Placement[] {
  const called = new Set(wanted.map(({ itemId }) => itemId));
  const used = new Set([...stored].filter(([itemId]) => !called.has(itemId)).map(([, id]) => String(id)));
  const placed: (Placement | null)[] = wanted.map(() => null);
  const claim = (position: number, codes: Id) => {
    used.add(String(codes));
    placed[position] = { codes };
  };
  const each = (visit: (want: WantedCodes, position: number, own: Id | undefined) => void) =>
    wanted.forEach((want, position) => {
      const isOpen = placed[position] === null;
      if (isOpen) visit(want, position, want.itemId === null ? undefined : stored.get(want.itemId));
    });
  const free = (codes: Id) =>
    Array.from({ length: collisionSize }, (_, token) => [...codes, token]).find((id) => !used.has(String(id)));

  each(({ codes }, position) => {
    if (codes.length < 3) return;
    if (used.has(String(codes))) placed[position] = { refused: 'TAKEN' };
    else claim(position, codes);
  });
  each(({ codes }, position, own) => {
    if (own !== undefined && startsWith(own, codes) && !used.has(String(own))) claim(position, own);
  });
  each(({ codes }, position) => {
    const id = free(codes);
    if (id !== undefined) claim(position, id);
  });
  if (mayMove) {
    each(({ codes }, position, own) => {
      if (own !== undefined && own[0] === codes[0] && !used.has(String(own))) claim(position, own);
    });
    each(({ codes }, position) => {
      const id = free([codes[0], 1 - codes[1]]);
      if (id !== undefined) claim(position, id);
    });
  }
  return placed.map((placement) => placement ?? { refused: 'FULL' });
}

describe('placeCodes', () => {
  useCatalogue();

  /** Items with these IDs, in the place of all that there were. */
  async function store(items: readonly number[], ids: readonly Id[]): Promise<Map<number, Id>> {
    await opened.database.write(async (transaction) => {
      await transaction.semanticId.deleteMany();
      await writeSemanticIds(
        transaction,
        tokenizerId,
        ids.map((codes, i) => ({ itemId: items[i], codes })),
      );
    });
    return new Map(ids.map((codes, i) => [items[i], codes]));
  }

  it('goes by the rules, whoever asks for what', async () => {
    const added = await add(...Array.from({ length: 10 }, (_, i) => ({ externalId: `${i}`, title: `#${i % 4}` })));
    const items = added.map(({ id }) => id);
    const { read } = opened.database;
    const live = (await findActiveTokenizer(read))!;
    const someone = fc.option(fc.integer({ min: 0, max: 9 }));
    const want = fc.record({ who: someone, codes: fc.oneof(group, group, wholeId) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(wholeId, { minLength: 5, maxLength: 10, selector: String }),
        fc.uniqueArray(want, { minLength: 3, maxLength: 9, selector: ({ who }) => who ?? Symbol() }),
        fc.constantFrom(1, 2, 2, 4),
        fc.boolean(),
        async (ids, wants, collisionSize, mayMove) => {
          const stored = await store(items, ids);
          const wanted = wants.map(({ who, codes }) => ({ itemId: who === null ? null : items[who], codes }));
          const tokenizer = { ...live, codebookSize: 2, collisionSize };
          const found = await placeCodes(read, tokenizer, wanted, mayMove);
          expect(found).toEqual(placeByTheRules(stored, wanted, collisionSize, mayMove));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves the ID of a removed item taken', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    await test.catalogue.removeItems([a.id]);
    const { read } = opened.database;
    const wanted = [
      { itemId: null, codes: [1, 1, 0] },
      { itemId: null, codes: [1, 1] },
    ];
    expect(await placeCodes(read, (await findActiveTokenizer(read))!, wanted)).toEqual([
      { refused: 'TAKEN' },
      { codes: [1, 1, 1] },
    ]);
  });

  it('looks at the IDs of its own tokenizer only', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const { read } = opened.database;
    const other = { ...(await findActiveTokenizer(read))!, id: tokenizerId + 1 };
    expect(await placeCodes(read, other, [{ itemId: null, codes: [1, 1, 0] }])).toEqual([{ codes: [1, 1, 0] }]);
    expect(await placeCodes(read, other, [{ itemId: a.id, codes: [1, 1] }])).toEqual([{ codes: [1, 1, 0] }]);
  });
});
