import { heldOut, splitLog, type InteractionLog } from '../../../models/data/interactions';
import { logWithoutRuns, withoutRuns } from '../../../models/data/runs';
import { logOf } from '../../support/little-log';

const DAY = 24 * 60 * 60 * 1000;

describe('withoutRuns', () => {
  it('keeps one entry of each run, and items that come back later', () => {
    expect(withoutRuns([7, 7, 7, 3, 7, 3, 3])).toEqual([7, 3, 7, 3]);
    expect(withoutRuns([])).toEqual([]);
  });

  it('keeps an item for each day on which it was bought again', () => {
    const times = [0, 1, DAY + 1, 2 * DAY + 1, 2 * DAY + 2, 9 * DAY];
    expect(withoutRuns([7, 7, 7, 7, 7, 7], (position) => times[position])).toEqual([7, 7, 7, 7]);
  });
});

describe('logWithoutRuns', () => {
  it('keeps the last entry of each run with its time, and no run over the end of a history', () => {
    const { offsets, items, times } = logWithoutRuns(logOf([[[1], [1], [2], [2], [2]], [[2]], [], [[2], [1], [2]]]));
    expect([...offsets]).toEqual([0, 2, 3, 3, 6]);
    expect([...items]).toEqual([1, 2, 2, 2, 1, 2]);
    expect([...times]).toEqual([1, 4, 0, 0, 1, 2]);
  });

  it('leaves a log without runs as it is', () => {
    const log = logOf([[[1], [2], [1]], [[1, 2]]]);
    expect(logWithoutRuns(log)).toEqual(log);
  });

  it('keeps weekly orders of one item, and an item that ends one order and begins the next', () => {
    const weekly = (log: InteractionLog) => ({ ...log, times: log.times.map((week) => 7 * DAY * week) });
    expect(logWithoutRuns(weekly(logOf([Array.from({ length: 52 }, () => [0])]))).items).toHaveLength(52);
    const orders = weekly(logOf([[[0, 1, 3], [3, 0, 2]]])); // prettier-ignore
    expect(logWithoutRuns(orders)).toEqual(orders);
  });

  it('lets the purchase of an item that was just viewed be held out', () => {
    const log = logWithoutRuns(logOf([[[0], [1], [2], [3], [3], [3]]]));
    const [{ history, targets }] = heldOut(log, splitLog(log), 'test');
    expect({ history: [...history], targets: [...targets] }).toEqual({ history: [0, 1, 2], targets: [3] });
  });
});
