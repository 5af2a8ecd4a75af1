import { badInput } from '../../../graphql/common/bad-input';

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
