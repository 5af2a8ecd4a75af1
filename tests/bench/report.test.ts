import { rowOf } from '../../bench/harness';
import { jsonLine, tableOf } from '../../bench/report';
import { CLAIM, sample } from '../support/claims';

describe('jsonLine', () => {
  it('has the fields that programs read, on one line', () => {
    const line = jsonLine(rowOf(CLAIM, [sample(1, 2), sample(1, 4)], null));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({ name: 'speed', ours: 1, peer: 3, ratio: 0.375, unit: 'ms', runs: 2 });
  });
});

describe('tableOf', () => {
  it('prints the ratio with its spread and the verdict', () => {
    const table = tableOf([rowOf(CLAIM, [sample(1, 4), sample(1, 2), sample(1, 2)], null)]);
    expect(table.split('\n')[1]).toMatch(/^speed +1 +2 +ms +0\.50 +0\.38–0\.50 +– +ratio ≤ 0\.5 +holds$/);
  });

  it('prints one line per claim, then its notes and why there is no peer', () => {
    const table = tableOf([rowOf(CLAIM, [sample(1, null, { p95Ms: 2.34567 })], 'no PyTorch')]);
    expect(table.split('\n')[1]).toMatch(/^speed +1 +– +ms +– +– +– +ratio ≤ 0\.5 +unknown$/);
    expect(table).toContain('speed: p95Ms 2.346, no PyTorch');
  });
});
