import fc from 'fast-check';

import type { CatalogueChangeRecord } from '../../../graphql/catalogue/records';
import { createTopicHub } from '../../../src/api/topics';

const change = (version: number): CatalogueChangeRecord => ({
  version,
  kind: 'ITEMS_ADDED',
  itemCount: 1,
  changedAt: new Date(0),
});

/** Reads until nothing more is waiting. */
async function drain(reader: AsyncIterator<CatalogueChangeRecord>): Promise<number[]> {
  const versions: number[] = [];
  for (;;) {
    const next = reader.next();
    const settled = await Promise.race([next, Promise.resolve().then(() => Promise.resolve(null))]);
    if (settled === null || settled.done) return versions;
    versions.push(settled.value.version);
  }
}

describe('createTopicHub', () => {
  it('keeps the newest for a slow reader, however many come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(50), async (size, count) => {
        const hub = createTopicHub(size);
        const reader = hub.subscribe('CATALOGUE_CHANGES')[Symbol.asyncIterator]();
        const published = Array.from({ length: count }, (_, i) => i);
        for (const version of published) hub.publish('CATALOGUE_CHANGES', change(version));
        expect(await drain(reader)).toEqual(published.slice(-size));
      }),
    );
  });

  it('ends a waiting reader when it is closed, and gives it nothing afterwards', async () => {
    const hub = createTopicHub();
    const reader = hub.subscribe('CATALOGUE_CHANGES')[Symbol.asyncIterator]();
    const waiting = reader.next();
    await reader.return?.();
    hub.publish('CATALOGUE_CHANGES', change(1));
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});
