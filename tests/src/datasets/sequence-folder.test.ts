import { join } from 'node:path';

import { openSequenceFolder } from '../../../src/datasets/sequence-folder';
import { collect } from '../../support/collect';
import { itRefuses, RESEARCH, useFolder, type Files } from '../../support/dataset-files';

describe('openSequenceFolder', () => {
  const write = useFolder();

  async function readAll(files: Files) {
    const dir = write(files);
    const source = await openSequenceFolder(dir, join(dir, 'items.jsonl'));
    return { items: await collect(source.items()), sequences: await collect(source.sequences()) };
  }

  it('reads ids as text and leaves out absent fields', async () => {
    const { items, sequences } = await readAll(RESEARCH);
    const absent = { categories: [], vector: null };
    expect(items).toEqual([
      { ...absent, externalId: '1', title: 'Teapot', brand: 'Brewco', categories: ['Kitchen', 'Tea'], price: 12.5 },
      { ...absent, externalId: 'b', title: '' },
      { ...absent, externalId: '3', title: '' },
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

  it('sets no interaction of a long history into the future', async () => {
    const { sequences } = await readAll({ ...RESEARCH, 'sequences.txt': `ann${' 1 b'.repeat(10_000)}` });
    const { times } = sequences[0];
    expect(times.slice(8_999, 9_003)).toEqual(
      ['2024-08-21', '2024-08-22', '2024-08-22T00:01Z', '2024-08-22T00:02Z'].map(Date.parse),
    );
    expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true);
    expect(times.at(-1)).toBeLessThan(Date.UTC(2024, 8, 1));
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
    ['a folder without sequences', { 'items.jsonl': '{"id":1}' }, '', null, /expected sequences.txt or interactions.jsonl beside/],
    ['broken JSON', items('{"id":1}\n{"id":'), 'items.jsonl', 2, /expected one JSON object/],
    ['an item without id', items('{"title":"x"}'), 'items.jsonl', 1, /^id: expected text or a whole number$/],
    ['a price as text', items('{"id":1,"price":"9"}'), 'items.jsonl', 1, /^price: expected number, got string$/],
    ['a negative price', items('{"id":1,"price":-1}'), 'items.jsonl', 1, /^price: expected number to be >=0$/],
    ['half a surrogate pair', items('{"id":1}\n{"id":2,"title":"half \\ud83d pair"}'), 'items.jsonl', 2, /^title: expected text without NUL.*surrogate/],
    ['NUL in an id', items('{"id":"a\\u0000"}'), 'items.jsonl', 1, /^id: expected text without NUL/],
    ['NUL in a category', items('{"id":1,"categories":["a","\\u0000"]}'), 'items.jsonl', 1, /^categories\.1: expected text/],
    ['half a pair deep in attributes', items('{"id":1,"attributes":{"a":[{"b":"\\udc00"}]}}'), 'items.jsonl', 1, /^attributes\.a\.0\.b: expected text/],
    ['NUL in the id of a user', sequences('ann 1\nbo\0b 3'), 'sequences.txt', 2, /^user: expected text without NUL/],
    ['a list instead of an item', items('[]'), 'items.jsonl', 1, /^item: expected object, got array$/],
    ['a user without items', sequences('ann 1\nbob'), 'sequences.txt', 2, /at least one item id/],
    ['a user twice', sequences('ann 1\nann 3'), 'sequences.txt', 2, /user ann: expected one line/],
    ['gaps of another user', gaps('ann 0 0 1\nzoe 0 2'), 'gaps_days.txt', 2, /user bob .*got zoe/],
    ['too few gaps', gaps('ann 0 1\nbob 0 1'), 'gaps_days.txt', 1, /expected 3 gaps, got 2/],
    ['a negative gap', gaps('ann 0 -4 1\nbob 0 1'), 'gaps_days.txt', 1, /got "-4"/],
    ['gaps that end early', gaps('ann 0 1 1'), 'gaps_days.txt', null, /end of the file/],
    ['too long a gap, beside a file with an empty line', { ...sequences('\nann 1 b'), 'gaps_days.txt': 'ann 0 9999999' }, 'gaps_days.txt', 1, /^user ann: expected times up to the year 9999/],
    ['more gaps than users', gaps('ann 0 1 1\nbob 0 1\nzoe 1'), 'gaps_days.txt', 3, /got more/],
  ]); // prettier-ignore
});
