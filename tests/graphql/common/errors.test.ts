import { badInput, batchErrors, repeatedPositions, userError } from '../../../graphql/common/errors';

describe('badInput', () => {
  it('says what is wrong and where', () => {
    const error = badInput(
      { path: ['first'], message: 'first: expected 0 to 100, got 101' },
      { path: ['filter', 'price'], message: 'filter.price: expected 0 or more, got -1' },
    );
    expect(error.message).toBe('first: expected 0 to 100, got 101; filter.price: expected 0 or more, got -1');
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', fields: [['first'], ['filter', 'price']] });
  });
});

describe('userError', () => {
  it('writes the path into the input as texts; without a path the error is of the whole input', () => {
    expect(userError('INVALID', 'why', 'items', 3, 'title').field).toEqual(['items', '3', 'title']);
    expect(userError('INVALID', 'why')).toEqual({ code: 'INVALID', message: 'why', field: null });
  });
});

describe('batchErrors', () => {
  it.each([
    [0, 'INVALID', 'items: expected 1 to 1000 entries, got none'],
    [1_001, 'TOO_MANY', 'items: expected 1 to 1000 entries, got 1001; make several calls'],
  ])('refuses %d entries', (length, code, message) => {
    expect(batchErrors('items', length)).toEqual([{ code, message, field: ['items'] }]);
  });
});

describe('repeatedPositions', () => {
  it('gives every position but the first of each key', () => {
    expect([...repeatedPositions(['a', 'b', 'a', 'c', 'a', 'b'])]).toEqual([2, 4, 5]);
  });
});
