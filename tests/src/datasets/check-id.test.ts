import { checkId } from '../../../src/datasets/check-rows';
import { DatasetError } from '../../../src/datasets/dataset';
import { itRefuses, RESEARCH, SHOP } from '../../support/dataset-files';

const LONG = 'x'.repeat(201);
const event = (user: string) => `{"user":"${user}","item":"b","kind":"VIEW","at":"2024-03-01"}`;

describe('checkId', () => {
  it.each(['a', 'x'.repeat(200), '🐯'.repeat(200), ' a '])('takes %s', (id) => {
    expect(() => checkId('f', 1, 'id', id)).not.toThrow();
  });

  it.each(['', ' ', '\t\n', LONG, '🐯'.repeat(201)])('refuses %j', (id) => {
    expect(() => checkId('f', 7, 'id', id)).toThrow(DatasetError);
    expect(() => checkId('f', 7, 'id', id)).toThrow(/^f:7: id: expected an id/);
  });

  const tooLong = /expected an id of at most 200 characters, got 201, which begin "x{40}"/;
  itRefuses([
    [
      'a long item in JSON lines',
      { ...RESEARCH, 'items.jsonl': `{"id":1}\n{"id":"${LONG}"}` },
      'items.jsonl',
      2,
      tooLong,
    ],
    [
      'a blank item',
      { ...RESEARCH, 'items.jsonl': '{"id":1}\n{"id":" "}' },
      'items.jsonl',
      2,
      /id: expected an id, got a blank/,
    ],
    ['a long user', { ...RESEARCH, 'sequences.txt': `ann 1\n${LONG} 1` }, 'sequences.txt', 2, tooLong],
    [
      'a long user of an event',
      { ...RESEARCH, 'interactions.jsonl': `${event('ann')}\n${event(LONG)}` },
      'interactions.jsonl',
      2,
      tooLong,
    ],
    [
      'a long item in a table',
      { ...SHOP, 'items.csv': `stock_code,description,price\n10A,a,1\n20,b,1\n${LONG},c,1` },
      'items.csv',
      4,
      tooLong,
    ],
    [
      'a long customer',
      { ...SHOP, 'events.csv': `customer_id,stock_code,timestamp\n1,20,2011-10-31\n${LONG},20,2011-10-31` },
      'events.csv',
      3,
      tooLong,
    ],
  ]);
});
