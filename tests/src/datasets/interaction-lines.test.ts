import { join } from 'node:path';

import { DatasetError, type ReadOptions } from '../../../src/datasets/dataset';
import { RegisteredItems } from '../../../src/datasets/registered-items';
import { INTERACTIONS, readInteractions } from '../../../src/datasets/sequence-folder';
import { collect } from '../../support/collect';
import { useFolder } from '../../support/dataset-files';

describe('readInteractions', () => {
  const write = useFolder();

  /** @param lines - User, item, day of March, and what else a line says. */
  async function read(...lines: [user: string, item: string, day: number, more?: object][]) {
    const text = lines.map(([user, item, day, more]) => {
      const at = `2024-03-${String(day).padStart(2, '0')}T12:00:00.000Z`;
      return `${JSON.stringify({ user, item, kind: 'VIEW', at, ...more })}\n`;
    });
    return readText(text.join(''));
  }

  async function readText(text: string, options: ReadOptions = {}) {
    const dir = write({ [INTERACTIONS]: text });
    const known = new RegisteredItems(join(dir, 'items.jsonl'), null, options);
    const texts = { categories: [] };
    const items = ['a', 'b'].map((id, line) => ({ item: { externalId: id, title: id, ...texts }, line }));
    await collect(known.register((async function* () {
      yield* items;
    })())); // prettier-ignore
    return collect(known.histories(readInteractions(join(dir, INTERACTIONS), known)));
  }

  async function errorOf(reading: Promise<unknown>): Promise<Pick<DatasetError, 'line' | 'message'>> {
    const error = await reading.catch((each: unknown) => each);
    expect(error).toBeInstanceOf(DatasetError);
    return error as DatasetError;
  }

  it('gathers the lines of each user, with all that they say', async () => {
    const day = (n: number) => Date.parse(`2024-03-0${n}T12:00:00.000Z`);
    const sequences = await read(
      ['ann', 'a', 1, { eventId: 'e1' }],
      ['ann', 'b', 1, { kind: 'CART' }],
      ['bob', 'a', 2],
    );
    expect(sequences).toEqual([
      {
        userExternalId: 'ann',
        itemExternalIds: ['a', 'b'],
        times: [day(1), day(1)],
        events: [
          { kind: 'VIEW', eventId: 'e1' },
          { kind: 'CART', eventId: null },
        ],
      },
      { userExternalId: 'bob', itemExternalIds: ['a'], times: [day(2)], events: [{ kind: 'VIEW', eventId: null }] },
    ]);
  });

  it('has nothing of an empty file', async () => {
    expect(await readText('')).toEqual([]);
  });

  it('gathers the lines of a user from anywhere, the oldest first, and those of one time as in the file', async () => {
    const sequences = await read(['ann', 'a', 5], ['bob', 'a', 1], ['ann', 'b', 4], ['ann', 'a', 4]);
    expect(sequences.map(({ userExternalId, itemExternalIds }) => [userExternalId, ...itemExternalIds])).toEqual([
      ['ann', 'b', 'a', 'a'],
      ['bob', 'a'],
    ]);
  });

  it('refuses an event of the future, which the API would refuse too, unless a database has it', async () => {
    const line = { user: 'u', item: 'a', kind: 'VIEW', at: '2999-01-01T00:00:00Z' };
    expect(await errorOf(readText(JSON.stringify(line)))).toMatchObject({
      line: 1,
      message: expect.stringContaining('at: expected a time that has come, got 2999-01-01T00:00:00.000Z') as string,
    });
    expect(await readText(JSON.stringify(line), { isExport: true })).toHaveLength(1);
  });

  it('takes numbers as ids, and times as seconds or milliseconds', async () => {
    const lines = [1709294400, 1709294400000, '1709294400'].map((at) =>
      JSON.stringify({ user: 7, item: 'a', kind: 'VIEW', at }),
    );
    const [{ userExternalId, times }] = await readText(lines.join('\n'));
    expect([userExternalId, ...times]).toEqual(['7', ...Array<number>(3).fill(1709294400000)]);
  });

  it.each([
    ['an unknown item', '{"user":"ann","item":"z","kind":"VIEW","at":"2024-03-01T12:00:00Z"}', 'item z'],
    ['an unknown kind', '{"user":"ann","item":"a","kind":"LIKE","at":"2024-03-01T12:00:00Z"}', 'kind'],
    ['a time that is none', '{"user":"ann","item":"a","kind":"VIEW","at":"yesterday"}', 'at'],
    ['a line without a user', '{"user":"","item":"a","kind":"VIEW","at":"2024-03-01T12:00:00Z"}', 'user'],
    [
      'half a user',
      '{"user":"\\ud83d","item":"a","kind":"VIEW","at":"2024-03-01T12:00:00Z"}',
      'user: expected text without',
    ],
    [
      'NUL in an event ID',
      '{"user":"ann","item":"a","kind":"VIEW","at":"2024-03-01T12:00:00Z","eventId":"\\u0000"}',
      'eventId: expected text without',
    ],
    ['a list', '[]', 'interaction'],
    ['a year that the API does not take', '{"user":"ann","item":"a","kind":"VIEW","at":"0999-03-01T12:00:00Z"}', 'at'],
    ['an empty event ID', '{"user":"ann","item":"a","kind":"VIEW","at":"2024-03-01","eventId":""}', 'eventId'],
    ['text', 'ann a', 'not JSON'],
  ])('refuses %s', async (_, line, reason) => {
    const error = await errorOf(readText(`${line}\n`));
    expect([error.line, error.message]).toEqual([1, expect.stringContaining(reason)]);
  });
});
