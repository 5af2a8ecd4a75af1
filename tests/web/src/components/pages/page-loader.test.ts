import { CombinedError, gql } from 'urql';

import {
  type ConnectionPage,
  IDLE,
  type Loading,
  loadRows,
  NO_ROWS,
  oneQuestion,
  PageLoader,
} from '../../../../../web/src/components/pages/page-loader';
import { type LoadedPages, outdatePages, pageStore } from '../../../../../web/src/components/pages/page-store';
import { answerOf, consoleClient } from '../../../../support/console-client';
import { until } from '../../../../support/until';

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
    const before = { rows: [1], pageInfo: { hasNextPage: true, endCursor: '1' }, generation: pageStore.generation() };
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

/** A connection of 250 rows. */
function connection(asked: [first: number, after: string | null][]) {
  return async (first: number, after: string | null): Promise<ConnectionPage<number>> => {
    asked.push([first, after]);
    const from = after === null ? 0 : Number(after);
    const nodes = Array.from({ length: Math.min(first, 250 - from) }, (_, index) => from + index);
    const end = from + nodes.length;
    return { nodes, pageInfo: { hasNextPage: end < 250, endCursor: String(end) } };
  };
}

describe('loadRows', () => {
  it('asks for one page, and for the next one after the rows that are there', async () => {
    const asked: [number, string | null][] = [];
    const first = await loadRows(connection(asked), NO_ROWS, 10, 0);
    expect(first).toMatchObject({ pageInfo: { endCursor: '10', hasNextPage: true } });
    const second = await loadRows(connection(asked), first, 10, 0);
    expect(second.rows).toHaveLength(20);
    expect(asked).toEqual([
      [10, null],
      [10, '10'],
    ]);
  });

  it('asks for as many rows as were there before, so that a reader keeps the place, a hundred at a time', async () => {
    const asked: [number, string | null][] = [];
    const again = await loadRows(connection(asked), NO_ROWS, 10, 230);
    expect(again).toMatchObject({ rows: { length: 230 }, pageInfo: { endCursor: '230', hasNextPage: true } });
    expect(asked).toEqual([
      [100, null],
      [100, '100'],
      [30, '200'],
    ]);
    expect(await loadRows(connection([]), NO_ROWS, 10, 1_000)).toMatchObject({
      pageInfo: { hasNextPage: false, endCursor: '250' },
    });
  });

  it('has no rows where the item or user is gone', async () => {
    expect(await loadRows(async () => null, NO_ROWS, 10, 20)).toMatchObject({
      rows: [],
      pageInfo: { hasNextPage: false },
    });
  });
});

const SHOP = gql<{ itemCount: number }, Record<string, never>>('{ itemCount }');

describe('oneQuestion', () => {
  /** Each request waits for one of these. */
  const answers: ((itemCount: number) => void)[] = [];
  const ended: AbortSignal[] = [];
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    ended.push(init!.signal!);
    return new Promise((resolve) => answers.push((itemCount) => resolve(answerOf({ data: { itemCount } }))));
  });
  afterAll(() => fetch.mockRestore());
  const client = consoleClient();

  it('asks anew what is on its way already, and ends that', async () => {
    const question = oneQuestion();
    const first = question.ask(client, SHOP, {});
    await until(() => answers.length === 1);
    const second = question.ask(client, SHOP, {});
    expect(await first).toBeNull();
    await until(() => answers.length === 2);
    expect(ended.map(({ aborted }) => aborted)).toEqual([true, false]);
    answers[0](1);
    answers[1](2);
    expect((await second)?.data?.itemCount).toBe(2);
    const third = question.ask(client, SHOP, {});
    question.drop();
    expect(await third).toBeNull();
  });
});
