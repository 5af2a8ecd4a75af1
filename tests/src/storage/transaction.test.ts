import { openedOn, providerOf, type Transaction } from '../../../src/storage/transaction';

describe('providerOf', () => {
  it('knows the database of a transaction that was opened by Database.write, and of no other client', () => {
    const [opened, other] = [{} as Transaction, {} as Transaction];
    openedOn('postgresql', opened);
    expect(providerOf(opened)).toBe('postgresql');
    expect(() => providerOf(other)).toThrow('providerOf: expected a transaction of Database.write');
  });
});
