import { join } from 'node:path';

import { DatasetError, type ReadOptions } from '../../../src/datasets/dataset';
import { RegisteredItems } from '../../../src/datasets/registered-items';
import { INTERACTIONS, openSequenceFolder, readInteractions } from '../../../src/datasets/sequence-folder';
import { collect } from '../../support/collect';
import { type Files, itRefuses, RESEARCH, useFolder } from '../../support/dataset-files';

describe('openSequenceFolder', () => {
  const write = useFolder();

  async function readAll(files: Files) {
    const dir = write(files);
    const source = await openSequenceFolder(dir, join(dir, 'items.jsonl'));
    return { items: await collect(source.items()), sequences: await collect(source.sequences()) };
  }

  it('reads ids as text and leaves out absent fields', async () => {
    const { items, sequences } = await readAll(RESEARCH);
    expect(items).toEqual([
      { vector: null, externalId: '1', title: 'Teapot', brand: 'Brewco', categories: ['Kitchen', 'Tea'], price: 12.5 },
      { vector: null, externalId: 'b', title: '', brand: null },
      { vector: null, externalId: '3', title: '' },
    ]);
    expect(sequences.map((sequence) => [sequence.userExternalId, ...sequence.itemExternalIds])).toEqual([
      ['ann', '1', 'b', '3'],
      ['bob', '3', '1'],
    ]);
  });

  it('reads when an item was added and removed in every form of a time', async () => {
    const { items } = await readAll({
      ...RESEARCH,
      'items.jsonl': '{"id":1,"addedAt":"2026-01-02","removedAt":1767398400}\n{"id":"b","addedAt":"2026-01-02 01:00 +01"}\n{"id":3,"addedAt":null}',
    }); // prettier-ignore
    const [added, removed] = [new Date('2026-01-02T00:00Z'), new Date('2026-01-03T00:00Z')];
    expect(items.map(({ addedAt, removedAt }) => [addedAt, removedAt])).toEqual([
      [added, removed],
      [added, undefined],
      [undefined, undefined],
    ]);
  });

  it('sets interactions without gaps a day apart, so that none look like one basket', async () => {
    const { sequences } = await readAll(RESEARCH);
    expect(sequences[0].times).toEqual(['2000-01-01', '2000-01-02', '2000-01-03'].map(Date.parse));
  });

  it('adds up the gaps in days; 0 is the same basket', async () => {
    const { sequences } = await readAll({ ...RESEARCH, 'gaps_days.txt': 'ann 0 0 31\nbob 0 2\n' });
    expect(sequences[0].times).toEqual(['2000-01-01', '2000-01-01', '2000-02-01'].map(Date.parse));
    expect(sequences[1].times).toEqual(['2000-01-01', '2000-01-03'].map(Date.parse));
  });

  const items = (text: string): Files => ({ ...RESEARCH, 'items.jsonl': text });
  const sequences = (text: string): Files => ({ ...RESEARCH, 'sequences.txt': text });
  const gaps = (text: string): Files => ({ ...RESEARCH, 'gaps_days.txt': text });

  itRefuses([
    ['a script as an address', items('{"id":1,"imageUrl":"javascript:alert(1)"}'), 'items.jsonl', 1, /^imageUrl: expected an address/],
    ['a price with a currency sign', items('{"id":1,"price":"€1"}'), 'items.jsonl', 1, /^price: expected number, got string/],
    ['an end before the beginning', items('{"id":1,"availableFrom":"2026-12-02","availableUntil":"2026-12-01"}'), 'items.jsonl', 1, /^availableUntil: expected a time after/],
    ['broken JSON', items('{"id":1}\n{"id":'), 'items.jsonl', 2, /expected one JSON object/],
    ['an item without id', items('{"title":"x"}'), 'items.jsonl', 1, /^id: expected text or a whole number$/],
    ['a price as text', items('{"id":1,"price":"9"}'), 'items.jsonl', 1, /^price: expected number, got string$/],
    ['NUL in an id', items('{"id":"a\\u0000"}'), 'items.jsonl', 1, /^id: expected text without NUL/],
    ['half a pair deep in attributes', items('{"id":1,"attributes":{"a":[{"b":"\\udc00"}]}}'), 'items.jsonl', 1, /^attributes\.a\.0\.b: expected text/],
    ['a user without items', sequences('ann 1\nbob'), 'sequences.txt', 2, /at least one item id/],
    ['a user twice', sequences('ann 1\nann 3'), 'sequences.txt', 2, /user ann: expected one line/],
    ['gaps of another user', gaps('ann 0 0 1\nzoe 0 2'), 'gaps_days.txt', 2, /user bob .*got zoe/],
    ['too few gaps', gaps('ann 0 1\nbob 0 1'), 'gaps_days.txt', 1, /user ann: expected 3 gaps in whole days, got "0 1"/],
    ['a negative gap', gaps('ann 0 -4 1\nbob 0 1'), 'gaps_days.txt', 1, /got "0 -4 1"/],
    ['gaps that end early', gaps('ann 0 1 1'), 'gaps_days.txt', null, /end of the file/],
    ['more gaps than users', gaps('ann 0 1 1\nbob 0 1\nzoe 1'), 'gaps_days.txt', 3, /got more/],
  ]); // prettier-ignore
});

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
      ['ann', 'b', 1, { kind: 'RATING', rating: 4.5 }],
      ['bob', 'a', 2],
    );
    expect(sequences).toEqual([
      {
        userExternalId: 'ann',
        itemExternalIds: ['a', 'b'],
        times: [day(1), day(1)],
        events: [
          { kind: 'VIEW', eventId: 'e1', rating: null },
          { kind: 'RATING', eventId: null, rating: 4.5 },
        ],
      },
      {
        userExternalId: 'bob',
        itemExternalIds: ['a'],
        times: [day(2)],
        events: [{ kind: 'VIEW', eventId: null, rating: null }],
      },
    ]);
  });

  it('gathers the lines of a user from anywhere, the oldest first, and those of one time as in the file', async () => {
    const sequences = await read(['ann', 'a', 5], ['bob', 'a', 1], ['ann', 'b', 4], ['ann', 'a', 4]);
    expect(sequences.map(({ userExternalId, itemExternalIds }) => [userExternalId, ...itemExternalIds])).toEqual([
      ['ann', 'b', 'a', 'a'],
      ['bob', 'a'],
    ]);
  });

  it('refuses an event of the future, which the API would refuse too', async () => {
    const line = { user: 'u', item: 'a', kind: 'VIEW', at: '2999-01-01T00:00:00Z' };
    expect(await errorOf(readText(JSON.stringify(line)))).toMatchObject({
      line: 1,
      message: expect.stringContaining('at: expected a time that has come, got 2999-01-01T00:00:00.000Z') as string,
    });
  });

  it.each([
    ['an unknown item', '{"user":"ann","item":"z","kind":"VIEW","at":"2024-03-01T12:00:00Z"}', 'item z'],
    ['an unknown kind', '{"user":"ann","item":"a","kind":"LOVE","at":"2024-03-01T12:00:00Z"}', 'kind'],
    ['a rating of a view', '{"user":"ann","item":"a","kind":"VIEW","rating":5,"at":"2024-03-01T12:00:00Z"}', 'rating'],
    ['a time that is none', '{"user":"ann","item":"a","kind":"VIEW","at":"yesterday"}', 'at'],
    ['a line without a user', '{"user":"","item":"a","kind":"VIEW","at":"2024-03-01T12:00:00Z"}', 'user'],
    ['a year that the API does not take', '{"user":"ann","item":"a","kind":"VIEW","at":"0999-03-01T12:00:00Z"}', 'at'],
  ])('refuses %s', async (_, line, reason) => {
    const error = await errorOf(readText(`${line}\n`));
    expect([error.line, error.message]).toEqual([1, expect.stringContaining(reason)]);
  });
});
