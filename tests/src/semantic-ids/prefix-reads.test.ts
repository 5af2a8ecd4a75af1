import { PrefixReads } from '../../../src/semantic-ids/prefix-reads';
import { activateFakeModel } from '../../support/catalogue';
import { add, describeCatalogue, opened, retireModels, test } from '../../support/catalogue-suite';

describeCatalogue('PrefixReads', () => {
  const reads = () => new PrefixReads(opened.database.read);
  const PAGE = { first: 10, after: null };

  it('answers nothing before a model is live', async () => {
    const [a] = await add({ externalId: 'a', categories: ['x'] });
    await retireModels();
    const empty = { edges: [], hasNextPage: false };
    expect(await reads().levels()).toEqual([]);
    expect(await reads().collisions()).toEqual({ collidingItemCount: 0, rate: 0 });
    expect(await reads().largestCollisionGroups(5)).toEqual([]);
    expect(await reads().prefixes([[], [0]])).toEqual([null, null]);
    expect(await reads().semanticIds([a.id])).toEqual([null]);
    expect(await reads().prefixChildren([], PAGE)).toMatchObject(empty);
    expect(await reads().prefixItems([], PAGE)).toMatchObject(empty);
    expect(await reads().prefixTerms([1])).toEqual([]);
    expect(await reads().similarItems(a.id, PAGE)).toMatchObject(empty);
  });

  describe('with items', () => {
    let id: Record<string, number>;
    const names = (page: { edges: readonly { node: { externalId: string } }[] }) =>
      page.edges.map(({ node }) => node.externalId);

    // a 0.1.0, b 0.1.1, c 0.1.2, d 0.2.0, e 0.3.0, f 1.1.0, g 1.1.1, h 3.0.0 (removed)
    beforeEach(async () => {
      const titles = { a: '0.1', b: '0.1', c: '0.1', d: '0.2', e: '0.3', f: '1.1', g: '1.1', h: '3.0' };
      const items = await add(
        ...Object.entries(titles).map(([externalId, codes]) => ({
          externalId,
          title: `#${codes} ${externalId}`,
          categories: [`of ${externalId}`, ...(codes.startsWith('0') ? ['all', 'zero'] : ['all'])],
        })),
      );
      id = Object.fromEntries(items.map((item) => [item.externalId, item.id]));
      await test.catalogue.removeItems([id.h]);
    });

    it('gives each item its semantic ID, in the order asked for, and none to removed and unknown ones', async () => {
      const found = await reads().semanticIds([id.f, id.h, 999_999, id.a]);
      expect(found.map((one) => one && one.codes)).toEqual([[1, 1, 0], null, null, [0, 1, 0]]);
    });

    it('counts the items under each prefix, in the order asked for', async () => {
      const keys = [[0, 1, 2], [], [3], [0], [0, 1], [-1], [0.5], [0, 1, 2, 0], [1]];
      const counts = (await reads().prefixes(keys)).map((one) => one && [one.codes, one.itemCount]);
      expect(counts).toEqual([[[0, 1, 2], 1], [[], 7], null, [[0], 5], [[0, 1], 3], null, null, null, [[1], 2]]); // prettier-ignore
      expect(await reads().prefix([0, 2])).toEqual({ codes: [0, 2], itemCount: 1 });
    });

    it('lists children page by page, down to whole IDs and not below', async () => {
      const first = await reads().prefixChildren([0], { first: 2, after: null });
      expect(first.edges.map(({ node }) => node)).toEqual([
        { codes: [0, 1], itemCount: 3 },
        { codes: [0, 2], itemCount: 1 },
      ]);
      expect(first.hasNextPage).toBe(true);
      const second = await reads().prefixChildren([0], { first: 2, after: first.edges[1].cursor });
      expect(second.edges.map(({ node }) => node)).toEqual([{ codes: [0, 3], itemCount: 1 }]);
      expect(second.hasNextPage).toBe(false);
      const leaves = await reads().prefixChildren([0, 1], PAGE);
      expect(leaves.edges.map(({ node }) => node.codes)).toEqual([[0, 1, 0], [0, 1, 1], [0, 1, 2]]); // prettier-ignore
      expect((await reads().prefixChildren([], PAGE)).edges.map(({ node }) => node.codes)).toEqual([[0], [1]]);
      for (const codes of [[0, 1, 0], [0, 1, 0, 0], [-1], [0.5]]) {
        expect((await reads().prefixChildren(codes, PAGE)).edges).toEqual([]);
      }
    });

    it('lists the items under a prefix by their codes, page by page', async () => {
      const first = await reads().prefixItems([0], { first: 4, after: null });
      expect([names(first), first.hasNextPage]).toEqual([['a', 'b', 'c', 'd'], true]);
      const second = await reads().prefixItems([0], { first: 4, after: first.edges[3].cursor });
      expect([names(second), second.hasNextPage]).toEqual([['e'], false]);
      expect(names(await reads().prefixItems([], PAGE))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
      expect(names(await reads().prefixItems([1, 1, 1], PAGE))).toEqual(['g']);
      for (const codes of [[3], [1, 1, 1, 0], [-1], [0.5]]) {
        expect(names(await reads().prefixItems(codes, PAGE))).toEqual([]);
      }
    });

    it('names a prefix by what tells it apart from the others under its parent, and the root not at all', async () => {
      expect(await reads().prefixTerms([0])).toEqual(['zero']);
      expect(await reads().prefixTerms([])).toEqual([]);
      for (const codes of [[3], [0, 1, 2, 0], [-1], [0.5]]) expect(await reads().prefixTerms(codes)).toEqual([]);
    });

    it('finds similar items from the longest shared prefix up, across pages of any length', async () => {
      const all = ['a', 'c', 'd', 'e'];
      for (const first of [1, 2, 3, 4, 5]) {
        const found: string[] = [];
        let page = await reads().similarItems(id.b, { first, after: null });
        found.push(...names(page));
        while (page.hasNextPage) {
          page = await reads().similarItems(id.b, { first, after: page.edges.at(-1)!.cursor });
          found.push(...names(page));
        }
        expect(found).toEqual(all);
      }
      expect(names(await reads().similarItems(id.f, PAGE))).toEqual(['g']);
    });

    it('counts the items that share all codebook codes, and shows the largest groups', async () => {
      expect(await reads().collisions()).toEqual({ collidingItemCount: 5, rate: 5 / 7 });
      expect(await reads().largestCollisionGroups(10)).toEqual([
        { codes: [0, 1], itemCount: 3 },
        { codes: [1, 1], itemCount: 2 },
      ]);
      expect(await reads().largestCollisionGroups(1)).toHaveLength(1);
      await test.catalogue.removeItems([id.a]);
      expect((await reads().largestCollisionGroups(10)).map(({ codes }) => codes)).toEqual([[0, 1], [1, 1]]); // prettier-ignore
    });

    it('tells how the codes of each level are used', async () => {
      const [coarse, fine] = await reads().levels();
      expect(coarse).toMatchObject({ level: 0, size: 4, usedCodes: 2, histogram: [5, 2, 0, 0] });
      // exp(−(5/7 ln 5/7 + 2/7 ln 2/7))
      expect(coarse.perplexity).toBeCloseTo(1.81892, 4);
      expect(fine).toMatchObject({ level: 1, usedCodes: 3, histogram: [0, 5, 1, 1] });
    });
  });

  it('speaks of the tokenizer that is live alone', async () => {
    const [a] = await add({ externalId: 'a', categories: ['x'] });
    await retireModels();
    await activateFakeModel(opened, 2);
    expect(await reads().prefixes([[]])).toEqual([null]);
    expect(await reads().semanticIds([a.id])).toEqual([null]);
    expect((await reads().prefixItems([], PAGE)).edges).toEqual([]);
    expect(await reads().prefixTerms([1])).toEqual([]);
  });
});
