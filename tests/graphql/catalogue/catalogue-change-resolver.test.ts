import 'reflect-metadata';

import { CatalogueChangeResolver } from '../../../graphql/catalogue/catalogue-change-resolver';

describe('CatalogueChangeResolver', () => {
  it('gives the time that is stored, and the present one for a change that was made just now', () => {
    const change = { version: 1, kind: 'ITEMS_ADDED', itemCount: 1 } as const;
    const changedAt = new Date(0);
    expect(new CatalogueChangeResolver().changedAt({ ...change, changedAt })).toBe(changedAt);
    const before = Date.now();
    expect(new CatalogueChangeResolver().changedAt(change).getTime()).toBeGreaterThanOrEqual(before);
  });
});
