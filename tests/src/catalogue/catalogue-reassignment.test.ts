import { activateFakeModel, emptyTables, summaryOf } from '../../support/catalogue';
import { add, codesOf, describeCatalogue, expectCountsInStep, opened, test } from '../../support/catalogue-suite';

describeCatalogue('Catalogue: reassignments', () => {
  describe('reassignSemanticIds', () => {
    it('takes whole IDs, and codes for which it finds the token', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c', title: '#1.1 c' });
      const { changes, userErrors } = await test.catalogue.reassignSemanticIds({
        assignments: [
          { itemId: a.id, codes: [2, 2, 3] },
          { itemId: b.id, codes: [1, 1] },
        ],
        dryRun: false,
      });
      expect(userErrors).toEqual([]);
      expect(changes).toEqual([
        { itemId: a.id, before: [0, 0, 0], after: [2, 2, 3] },
        { itemId: b.id, before: [0, 0, 1], after: [1, 1, 1] },
      ]);
      expect(await codesOf(c.id)).toEqual([1, 1, 0]);
      await expectCountsInStep();
    });

    it('lets two items swap', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
      const { userErrors } = await test.catalogue.reassignSemanticIds({
        assignments: [
          { itemId: a.id, codes: [2, 2, 0] },
          { itemId: b.id, codes: [1, 1, 0] },
        ],
        dryRun: false,
      });
      expect(userErrors).toEqual([]);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([
        [2, 2, 0],
        [1, 1, 0],
      ]);
      await expectCountsInStep();
    });

    it('shows the same changes on a dry run, and writes nothing', async () => {
      const [a] = await add({ externalId: 'a' });
      const args = { assignments: [{ itemId: a.id, codes: [3, 3] }] };
      const before = await summaryOf(test.catalogue);
      const dry = await test.catalogue.reassignSemanticIds({ ...args, dryRun: true });
      expect(dry.catalogueVersion).toBeNull();
      expect(await summaryOf(test.catalogue)).toEqual(before);
      const wet = await test.catalogue.reassignSemanticIds({ ...args, dryRun: false });
      expect(wet.changes).toEqual(dry.changes);
      expect(wet.catalogueVersion).toBe(before.version + 1);
    });

    it('tells who collides and whose similar items change, before as after', async () => {
      // a and b collide, c is alone below [1]; d and e share the first code only.
      const [a, b, c, d, e] = await add(
        { externalId: 'a', title: '#1.1 a' },
        { externalId: 'b', title: '#1.1 b' },
        { externalId: 'c', title: '#1.2 c' },
        { externalId: 'd', title: '#2.0 d' },
        { externalId: 'e', title: '#2.1 e' },
      );
      const args = { assignments: [{ itemId: b.id, codes: [2, 1] }] };
      const dry = await test.catalogue.reassignSemanticIds({ ...args, dryRun: true });
      expect(dry.impact).toEqual({
        collisionsMade: [e.id], // b collided before, and does after
        collisionsSolved: [a.id],
        // a: was b, is c. b: was a, is e. c: was {a, b}, is a. d: was e, is {b, e}. e: was d, is b.
        similarItemsChanged: [a.id, b.id, c.id, d.id, e.id],
      });
      const wet = await test.catalogue.reassignSemanticIds({
        ...args,
        dryRun: false,
        ifCatalogueVersion: dry.baseVersion,
      });
      expect(wet).toEqual({ ...dry, catalogueVersion: dry.baseVersion! + 1 });
    });

    it('refuses wrong codes, each by its place', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c', title: '#1.1 c' });
      const reassign = (...codes: number[][]) =>
        test.catalogue.reassignSemanticIds({
          assignments: [a, b].slice(0, codes.length).map(({ id }, i) => ({ itemId: id, codes: codes[i] })),
          dryRun: false,
        });
      expect((await reassign([1])).userErrors).toMatchObject([
        { code: 'INVALID', field: ['assignments', '0', 'codes'] },
      ]);
      expect((await reassign([0, 4])).userErrors).toMatchObject([
        { code: 'OUT_OF_RANGE', field: ['assignments', '0', 'codes', '1'] },
      ]);
      expect((await reassign([0, -1])).userErrors).toMatchObject([{ code: 'OUT_OF_RANGE' }]);
      expect((await reassign([1, 1, 0])).userErrors).toMatchObject([{ code: 'TAKEN' }]);
      expect((await reassign([2, 2, 0], [2, 2, 0])).userErrors).toMatchObject([
        { code: 'TAKEN', field: ['assignments', '1', 'codes'] },
      ]);
      expect(await Promise.all([a, b, c].map(({ id }) => codesOf(id)))).toEqual([
        [0, 0, 0],
        [0, 0, 1],
        [1, 1, 0],
      ]);
    });

    it('makes codes anew for items, a prefix or all, and keeps those that are right', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
      await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: a.id, codes: [3, 0, 2] }], dryRun: false });
      for (const selector of [{ all: true }, { itemIds: [a.id, b.id] }, { prefix: [3] }]) {
        const { changes } = await test.catalogue.reassignSemanticIds({ ...selector, dryRun: true });
        expect(changes).toEqual([{ itemId: a.id, before: [3, 0, 2], after: [1, 1, 0] }]);
      }
      const none = await test.catalogue.reassignSemanticIds({ prefix: [2], dryRun: false });
      expect(none.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['prefix'] }]);
    });

    it('refuses two selectors, a passed version, and anything before a model is live', async () => {
      const [a] = await add({ externalId: 'a' });
      const reassign = test.catalogue.reassignSemanticIds.bind(test.catalogue);
      const both = await reassign({ all: true, itemIds: [a.id], dryRun: false });
      expect(both.userErrors).toMatchObject([{ code: 'INVALID', field: null }]);
      const late = await reassign({ all: true, dryRun: false, ifCatalogueVersion: 0 });
      expect(late.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['ifCatalogueVersion'] }]);
      await emptyTables(opened);
      expect((await reassign({ all: true, dryRun: false })).userErrors).toMatchObject([{ code: 'NO_LIVE_MODEL' }]);
    });
  });

  describe('undoReassignment', () => {
    const reassign = async (...assignments: { itemId: number; codes: number[] }[]) => {
      const result = await test.catalogue.reassignSemanticIds({ assignments, dryRun: false });
      expect(result.userErrors).toEqual([]);
      return result;
    };

    it('is the exact inverse, and can be undone', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
      const swapped = await reassign({ itemId: a.id, codes: [2, 2, 0] }, { itemId: b.id, codes: [1, 1, 0] });
      const dry = await test.catalogue.undoReassignment(swapped.catalogueVersion!, true);
      expect(dry).toMatchObject({ catalogueVersion: null, userErrors: [] });
      expect(await codesOf(a.id)).toEqual([2, 2, 0]);
      const undone = await test.catalogue.undoReassignment(swapped.catalogueVersion!, false);
      expect(undone.changes).toEqual(
        swapped.changes.map(({ itemId, before, after }) => ({ itemId, before: after, after: before })),
      );
      expect(undone.changes).toEqual(dry.changes);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([
        [1, 1, 0],
        [2, 2, 0],
      ]);
      await test.catalogue.undoReassignment(undone.catalogueVersion!, false);
      expect(await codesOf(a.id)).toEqual([2, 2, 0]);
      await expectCountsInStep();
    });

    it('takes several back, the last one first', async () => {
      const [a] = await add({ externalId: 'a' });
      const versions = [];
      for (const code of [1, 2, 3]) {
        versions.push((await reassign({ itemId: a.id, codes: [code, code, 0] })).catalogueVersion!);
      }
      for (const [version, codes] of [
        [versions[2], [2, 2, 0]],
        [versions[1], [1, 1, 0]],
        [versions[0], [0, 0, 0]],
      ] as const) {
        expect((await test.catalogue.undoReassignment(version, false)).userErrors).toEqual([]);
        expect(await codesOf(a.id)).toEqual(codes);
      }
    });

    it('refuses when an item has changed since, or another one has its former codes', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
      const first = await reassign({ itemId: a.id, codes: [1, 1, 0] });
      await reassign({ itemId: a.id, codes: [2, 2, 0] });
      const second = await reassign({ itemId: b.id, codes: [3, 3, 0] });
      await reassign({ itemId: c.id, codes: [0, 0, 1] });
      const { catalogueVersion: third } = await reassign({ itemId: c.id, codes: [3, 0, 0] });
      await reassign({ itemId: a.id, codes: [0, 0, 1] });
      await test.catalogue.removeItems([c.id]);
      for (const version of [first.catalogueVersion!, second.catalogueVersion!, third!]) {
        const refused = await test.catalogue.undoReassignment(version, false);
        expect(refused).toMatchObject({ changes: [], catalogueVersion: null });
        expect(refused.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['catalogueVersion'] }]);
      }
      expect(await codesOf(b.id)).toEqual([3, 3, 0]);
    });

    it('refuses what is no reassignment, and what was made under another tokenizer', async () => {
      const [a] = await add({ externalId: 'a' });
      const version = await test.catalogue.version();
      const codeOf = async (number: number) =>
        (await test.catalogue.undoReassignment(number, false)).userErrors[0].code;
      expect(await codeOf(version)).toBe('INVALID');
      expect(await codeOf(version + 1)).toBe('NOT_FOUND');
      const { catalogueVersion } = await reassign({ itemId: a.id, codes: [1, 1, 0] });
      await opened.database.write((transaction) =>
        transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }),
      );
      expect(await codeOf(catalogueVersion!)).toBe('NO_LIVE_MODEL');
      await activateFakeModel(opened, 2);
      expect(await codeOf(catalogueVersion!)).toBe('CONFLICT');
    });
  });
});
