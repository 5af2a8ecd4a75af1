import { GraphQLError } from 'graphql';
import { CombinedError } from 'urql';

import type { ParsedRow } from '../../../../../../web/src/pages/items/bulk/parse-items';
import {
  type Answer,
  type BulkProgress,
  upsertInCalls,
} from '../../../../../../web/src/pages/items/bulk/upsert-in-calls';

const rows: readonly ParsedRow[] = Array.from({ length: 450 }, (_, index) => ({
  line: index + 2,
  item: { externalId: `i${index}`, title: 'A' },
  error: null,
}));

const added = (count: number): Answer => ({
  data: { upsertItems: { items: [], created: count, updated: 0, unchanged: 0, userErrors: [], catalogueVersion: 1 } },
});
const failed = (code: string, facts: object = {}): Answer => ({
  data: { upsertItems: null },
  error: new CombinedError({ graphQLErrors: [new GraphQLError('no', { extensions: { code, ...facts } })] }),
});

const lost = (status?: number): Answer => ({
  error: new CombinedError({
    networkError: new Error('gone'),
    response: status === undefined ? undefined : new Response(null, { status }),
  }),
});
async function run(answers: readonly Answer[], isStopped = () => false) {
  const sent: number[] = [];
  const waits: number[] = [];
  const told: BulkProgress[] = [];
  await upsertInCalls(rows, {
    upsert: async (items) => {
      sent.push(items.length);
      return answers[sent.length - 1] ?? added(items.length);
    },
    onProgress: (progress) => told.push(progress),
    isStopped,
    wait: async (seconds) => void waits.push(seconds),
  });
  return { sent, waits, told, last: told[told.length - 1] };
}

describe('upsertInCalls', () => {
  it('ends with the reason when a call fails, whose payload is null then', async () => {
    const { sent, last } = await run([added(200), failed('INTERNAL_SERVER_ERROR', { errorId: 'e1' })]);
    expect(sent).toEqual([200, 200]);
    expect(last).toMatchObject({ created: 200, isRunning: false, stopped: expect.stringContaining('e1') });
  });

  it('makes the same call again while the server says that it may succeed in a moment', async () => {
    const busy = failed('OVERLOADED', { retryAfterSeconds: 3 });
    const { sent, waits, told, last } = await run([busy, failed('DATABASE_UNAVAILABLE')]);
    expect(sent).toEqual([200, 200, 200, 200, 50]);
    expect(waits).toEqual([3, 2]);
    expect(told.some(({ isWaiting }) => isWaiting)).toBe(true);
    expect(last).toMatchObject({ created: 450, stopped: null, isWaiting: false });
    const { sent: all, last: end } = await run(Array<Answer>(20).fill(busy));
    expect(all).toHaveLength(8);
    expect(end).toMatchObject({ created: 0, isRunning: false, stopped: expect.stringContaining('too much to do') });
  });

  it('makes a call without an answer again: what it has stored, it finds unchanged', async () => {
    const { sent, waits, last } = await run([lost(), lost(502)]);
    expect(sent).toEqual([200, 200, 200, 200, 50]);
    expect(waits).toEqual([2, 4]);
    expect(last).toMatchObject({ done: 450, refused: [], stopped: null });
  });

  it('waits no more once it is stopped', async () => {
    let isStopped = false;
    const { sent, last } = await run([lost()], () => {
      const before = isStopped;
      isStopped = true;
      return before;
    });
    expect(sent).toEqual([200]);
    expect(last.stopped).toMatch('It may have done it or not');
  });

  it('says that a call without an answer may have been carried out', async () => {
    const { sent, last } = await run([added(200), ...Array<Answer>(20).fill(lost(503))]);
    expect(sent).toHaveLength(9);
    expect(last).toMatchObject({ done: 200, created: 200, isRunning: false, stopped: expect.anything() });
  });

  it('tries no call again that another answer would not help', async () => {
    const { sent } = await run([lost(413)]);
    expect(sent).toEqual([200]);
  });

  it('keeps each refused item once, by line', async () => {
    const userErrors = Array.from({ length: 100 }, (_, index) => [
      { code: 'INVALID' as const, message: 'one', field: ['items', String(99 - index), 'price'] },
      { code: 'INVALID' as const, message: 'two', field: ['items', String(99 - index), 'title'] },
    ]).flat();
    const none = { created: 0, updated: 0, unchanged: 0 };
    const { last } = await run([{ data: { upsertItems: { items: [], ...none, userErrors, catalogueVersion: 1 } } }]);
    expect(last.refused).toHaveLength(100);
    expect(last.refused[0].line).toBe(2);
    expect(last.refused[99].line).toBe(101);
  });
});
