import type { PageArgs } from '../../../graphql/common/records';
import { codesKey } from '../../../src/storage/code-keys';
import { add, describeCatalogue, externalIds, test } from '../../support/catalogue-suite';

const PAGE: PageArgs = { first: 100, after: null };

describeCatalogue('Catalogue: what it reads', () => {
  describe('items', () => {
    beforeEach(async () => {
      await add(
        { externalId: 'a', title: '#1.1 Red Mug 100%', brand: 'A', categories: ['mugs'], price: 5 },
        { externalId: 'b', title: '#1.2 Blue mug', brand: 'B', categories: ['mugs', 'blue'], price: 10 },
        { externalId: 'c', title: '#2.2 Lamp_x', brand: 'B', price: 20 },
        { externalId: 'd', title: '#2.2 Lamp' },
      );
    });

    it('finds those that a filter lets pass', async () => {
      expect(await externalIds(test.catalogue.items(PAGE, { brands: ['B'], maxPrice: 10 }))).toEqual(['b']);
    });

    it('turns pages without gaps or repeats', async () => {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page = await test.catalogue.items({ first: 3, after }, null);
        seen.push(...page.edges.map(({ node }) => node.externalId));
        after = page.edges.at(-1)?.cursor ?? null;
        more = page.hasNextPage;
      }
      expect(seen).toEqual(['a', 'b', 'c', 'd']);
    });

    it('refuses a cursor that is not its own', async () => {
      await expect(test.catalogue.items({ first: 3, after: 'nonsense' }, null)).rejects.toMatchObject({
        extensions: { code: 'BAD_USER_INPUT' },
      });
    });
  });

  describe('prefixes', () => {
    beforeEach(async () => {
      await add(
        { externalId: 'a', title: '#1.1 a', categories: ['x'] },
        { externalId: 'b', title: '#1.1 b', categories: ['x', 'y'] },
        { externalId: 'c', title: '#1.2 c', categories: ['y', 'x'] },
        { externalId: 'd', title: '#2.0 d', categories: ['z'] },
        { externalId: 'e', title: '#1.1 e' },
      );
    });

    it('counts, and names the children', async () => {
      expect(await test.catalogue.prefix([])).toEqual({ codes: [], itemCount: 5 });
      expect(await test.catalogue.prefix([1, 1, 0])).toEqual({ codes: [1, 1, 0], itemCount: 1 });
      expect(await test.catalogue.prefix([3])).toBeNull();
      expect(await test.catalogue.prefix([1, 1, 0, 0])).toBeNull();
      expect(await test.catalogue.prefix([0.5])).toBeNull();
      const first = await test.catalogue.prefixChildren([1], { first: 1, after: null });
      expect(first).toMatchObject({ edges: [{ node: { codes: [1, 1], itemCount: 3 } }], hasNextPage: true });
      const second = await test.catalogue.prefixChildren([1], { first: 1, after: first.edges[0].cursor });
      expect(second).toMatchObject({ edges: [{ node: { codes: [1, 2], itemCount: 1 } }], hasNextPage: false });
    });

    it('knows what items below a prefix have in common', async () => {
      expect(await test.catalogue.topCategories([1])).toEqual(['x', 'y']);
      expect(await test.catalogue.topCategories([])).toEqual(['x', 'y', 'z']);
      expect(await test.catalogue.topCategories([3])).toEqual([]);
    });

    it('finds similar items by the longest shared prefix, page by page', async () => {
      const item = await test.catalogue.item('b');
      const first = await test.catalogue.similarItems(item!.id, { first: 2, after: null });
      expect(first.edges.map(({ node }) => node.externalId)).toEqual(['a', 'e']);
      const second = await test.catalogue.similarItems(item!.id, { first: 2, after: first.edges[1].cursor });
      expect(second.edges.map(({ node }) => node.externalId)).toEqual(['c']);
      expect(second.hasNextPage).toBe(false);
    });

    it('reports the use of codebooks and the collisions', async () => {
      const [level0, level1] = await test.catalogue.levels();
      expect(level0).toMatchObject({ level: 0, size: 4, usedCodes: 2, histogram: [0, 4, 1, 0] });
      // exp(-(0.8 ln 0.8 + 0.2 ln 0.2))
      expect(level0.perplexity).toBeCloseTo(1.64938, 4);
      expect(level1.histogram).toEqual([1, 3, 1, 0]);
      expect(await test.catalogue.collisions()).toEqual({ collidingItemCount: 3, rate: 0.6 });
      expect(await test.catalogue.largestCollisionGroups(10)).toEqual([{ codes: [1, 1], itemCount: 3 }]);
    });
  });

  it('writes keys that sort as codes do', async () => {
    const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    await test.catalogue.reassignSemanticIds({
      assignments: [
        { itemId: a.id, codes: [3, 0, 0] },
        { itemId: b.id, codes: [0, 3, 3] },
        { itemId: c.id, codes: [0, 3, 0] },
      ],
      dryRun: false,
    });
    expect(await externalIds(test.catalogue.prefixItems([], PAGE))).toEqual(['c', 'b', 'a']);
    expect(codesKey([0, 3, 12])).toBe('0000.0003.0012');
  });
});
