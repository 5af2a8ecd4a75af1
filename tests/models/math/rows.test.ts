import { pickFrom, rowRange, Rows } from '../../../models/math/rows';

describe('Rows', () => {
  const matrix = () => new Rows(Int32Array.of(1, 2, 3, 4, 5, 6), 2);

  it('picks rows into a matrix of its own', () => {
    const rows = matrix();
    const picked = rows.pick([2, 0, 2]);
    expect(picked.values).toEqual(Int32Array.of(5, 6, 1, 2, 5, 6));
    picked.row(1)[0] = 9;
    expect(rows.values[0]).toBe(1);
    expect(rows.pick([]).values).toEqual(new Int32Array(0));
  });
});

describe('rowRange', () => {
  it('reads some rows of a matrix as a matrix of their own', () => {
    const range = rowRange(new Rows(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2), 1, 2);
    expect([range.count, range.dims]).toEqual([2, 2]);
    expect([...range.slice(0, 9)]).toEqual([3, 4, 5, 6]);
    expect([...range.slice(1, 2)]).toEqual([5, 6]);
    expect(pickFrom(range, [1, 0]).lists()).toEqual([[5, 6], [3, 4]]); // prettier-ignore
  });
});

describe('pickFrom', () => {
  it('picks rows as a matrix in memory does, and reads each once', () => {
    const rows = new Rows(Float32Array.of(1, 2, 3, 4, 5, 6), 2);
    const read: number[] = [];
    const slice = (begin: number, end: number) => {
      read.push(begin);
      return rows.slice(begin, end);
    };
    const indices = [2, 0, 0, 2, 0];
    expect(pickFrom({ count: 3, dims: 2, slice }, indices)).toEqual(rows.pick(indices));
    expect(read).toEqual([2, 0]);
  });
});
