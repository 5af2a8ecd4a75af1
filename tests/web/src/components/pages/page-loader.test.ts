import { CombinedError } from 'urql';

import { type ConnectionPage, NO_ROWS } from '../../../../../web/src/components/pages/load-rows';
import { IDLE, type Loading, PageLoader } from '../../../../../web/src/components/pages/page-loader';
import { type LoadedPages, outdatePages, pageStore } from '../../../../../web/src/components/pages/page-store';

const gone = new CombinedError({ networkError: new Error('gone') });
const BUSY: Loading = { isLoading: true, error: null };

describe('PageLoader', () => {
  let told: Loading[];
  let loader: PageLoader;
  let answers: { give(page: ConnectionPage<number> | null): void; fail(error: Error): void }[];
  beforeEach(() => {
    [told, answers] = [[], []];
    pageStore.clear();
    loader = new PageLoader((loading) => told.push(loading));
  });

  /** A list whose questions wait for a test's answer. */
  const list = (key = 1) => ({
    key,
    first: 2,
    ask: () => new Promise<ConnectionPage<number> | null>((give, fail) => answers.push({ give, fail })),
  });
  const page = (...nodes: number[]) => ({ nodes, pageInfo: { hasNextPage: true, endCursor: String(nodes.at(-1)) } });
  const rows = (key = 1) => pageStore.get(key)?.rows;

  it('keeps the rows under the key of their list, and tells when it begins and ends', async () => {
    const load = loader.load(list(), NO_ROWS, 0);
    expect(told).toEqual([BUSY]);
    answers[0].give(page(1, 2));
    await load;
    expect(told).toEqual([BUSY, IDLE]);
    expect([rows(), rows(2)]).toEqual([[1, 2], undefined]);
  });

  it('drops the answer to a question that does not count any more, and asks for no further page of it', async () => {
    const old = loader.load(list(1), NO_ROWS, 4);
    const latest = loader.load(list(2), NO_ROWS, 0);
    answers[0].give(page(1, 2));
    await old;
    expect(answers).toHaveLength(2);
    expect([told, rows(1)]).toEqual([[BUSY, BUSY], undefined]);
    answers[1].give(page(3));
    await latest;
    expect(rows(2)).toEqual([3]);
  });

  it('says why a question has no answer, and asks it again', async () => {
    const before = { rows: [1], endCursor: '1', hasMore: true, generation: pageStore.generation() };
    const load = loader.load(list(), before, 0);
    answers[0].fail(gone);
    await load;
    expect(told).toEqual([BUSY, { isLoading: false, error: gone }]);
    expect(rows()).toBeUndefined();
    loader.retry();
    expect(told.at(-1)).toEqual({ isLoading: true, error: gone }); // it stays until there is an answer
    answers[1].give(page(2));
    await new Promise(setImmediate);
    expect(rows()).toEqual([1, 2]);
    expect(told.at(-1)).toEqual(IDLE);
  });

  it('tells nothing of a failure that nobody waits for', async () => {
    const load = loader.load(list(), NO_ROWS, 0);
    loader.drop();
    answers[0].fail(gone);
    await load;
    expect(told).toEqual([BUSY]);
  });

  it('leaves rows as old as the first of them', async () => {
    const first = loader.load(list(), NO_ROWS, 0);
    answers[0].give(page(1, 2));
    await first;
    const { generation } = pageStore.get(1)!;
    outdatePages();
    const more = loader.load(list(), pageStore.get(1) as LoadedPages<number>, 0);
    answers[1].give(page(3));
    await more;
    expect(pageStore.get(1)).toMatchObject({ rows: [1, 2, 3], generation });
    const anew = loader.load(list(), NO_ROWS, 0);
    answers[2].give(page(3));
    await anew;
    expect(pageStore.get(1)?.generation).toBe(generation + 1);
  });

  it('hides no fault of its own', async () => {
    const load = loader.load(list(), NO_ROWS, 0);
    answers[0].fail(new TypeError('a fault'));
    await expect(load).rejects.toThrow('a fault');
  });
});
