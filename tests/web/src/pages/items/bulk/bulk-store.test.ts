import '../../../../../support/tab-globals';

import { catalogueChanges } from '../../../../../../web/src/app/catalogue-changes';
import { keyStore } from '../../../../../../web/src/app/key-store';
import { bulkStore } from '../../../../../../web/src/pages/items/bulk/bulk-store';
import type { ParsedRow } from '../../../../../../web/src/pages/items/bulk/parse-items';
import { answerOf, consoleClient } from '../../../../../support/console-client';
import { until } from '../../../../../support/until';

/** Two calls' worth. */
const rows: readonly ParsedRow[] = Array.from({ length: 300 }, (_, index) => ({
  line: index + 2,
  item: { externalId: `i${index}`, title: 'A' },
  error: null,
}));

interface Body {
  readonly variables: { readonly input: { readonly items: readonly unknown[]; readonly atomic: boolean } };
}

/** As the server answers it. */
function addedItem(externalId: string) {
  const nothing = { brand: null, price: null, removedAt: null, semanticId: null };
  const facts = { title: 'A', categories: [], interactionCount: 0, addedAt: '2026-01-01T00:00:00Z' };
  return { __typename: 'Item', id: externalId, externalId, ...facts, ...nothing };
}

describe('bulkStore', () => {
  /** The calls on their way: how many items each has, and what lets it be answered. */
  let calls: { readonly count: number; readonly isAtomic: boolean; readonly answer: () => void }[];
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    const { items, atomic } = (JSON.parse(String(init!.body)) as Body).variables.input;
    const added = items.map((_, index) => addedItem(`i${index}`));
    const counts = { created: items.length, updated: 0, unchanged: 0 };
    const upsertItems = {
      __typename: 'UpsertItemsPayload',
      ...{ items: added, ...counts, userErrors: [], catalogueVersion: 1 },
    };
    return new Promise((resolve) => {
      const answer = () => resolve(answerOf({ data: { upsertItems } }));
      calls.push({ count: items.length, isAtomic: atomic, answer });
    });
  });
  beforeEach(() => {
    calls = [];
    bulkStore.forget();
  });
  afterAll(() => fetch.mockRestore());

  const client = consoleClient();
  const untilSent = (count: number) => until(() => calls.length === count);
  /** Whether the browser asks before it closes the tab. */
  const asksBeforeLeaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

  it('goes on by itself to the end, which stays until it is forgotten, and outdates what pages show', async () => {
    let told = 0;
    const end = bulkStore.subscribe(() => told++);
    const generation = catalogueChanges.count();
    const running = bulkStore.start(client, rows);
    await untilSent(1);
    bulkStore.forget(); // not while it runs
    expect(bulkStore.get()).toMatchObject({ total: 300, done: 0, isRunning: true });
    calls[0].answer();
    await untilSent(2);
    expect(bulkStore.get()).toMatchObject({ done: 200, created: 200 });
    calls[1].answer();
    await running;
    expect(calls.map(({ count, isAtomic }) => [count, isAtomic])).toEqual([[200, false], [100, false]]); // prettier-ignore
    expect(bulkStore.get()).toMatchObject({ done: 300, created: 300, stopped: null, isRunning: false });
    expect(catalogueChanges.count()).toBe(generation + 1);
    bulkStore.forget();
    expect(bulkStore.get()).toBeNull();
    expect(told).toBeGreaterThanOrEqual(5);
    end();
    const before = told;
    bulkStore.forget();
    expect(told).toBe(before);
  });

  it('adds the rows of one source at a time', async () => {
    const running = bulkStore.start(client, rows.slice(0, 5));
    await bulkStore.start(client, rows.slice(5));
    await untilSent(1);
    expect(bulkStore.get()).toMatchObject({ total: 5 });
    calls[0].answer();
    await running;
    expect(calls.map(({ count }) => count)).toEqual([5]);
  });

  it.each([
    ['it is stopped', () => bulkStore.stop()],
    ['another key comes, which its calls do not have', () => keyStore.set('another')],
  ])('ends after the call on its way when %s', async (_, stop) => {
    const running = bulkStore.start(client, rows);
    await untilSent(1);
    stop();
    calls[0].answer();
    await running;
    expect(bulkStore.get()).toMatchObject({ done: 200, stopped: 'You stopped it.', isRunning: false });
  });

  it('lets the browser ask before the tab is closed, as long as it runs', async () => {
    expect(asksBeforeLeaving()).toBe(false);
    const running = bulkStore.start(client, rows.slice(0, 5));
    await untilSent(1);
    expect(asksBeforeLeaving()).toBe(true);
    calls[0].answer();
    await running;
    expect(asksBeforeLeaving()).toBe(false);
  });
});
