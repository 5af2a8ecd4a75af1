import { DatasetError } from '../../../src/datasets/dataset';

describe('DatasetError', () => {
  it('puts the file and the line before the reason', () => {
    expect(new DatasetError('items.csv', 3, 'expected x, got y').message).toBe('items.csv:3: expected x, got y');
  });

  it('leaves out the line when the whole file is wrong', () => {
    expect(new DatasetError('items.csv', null, 'expected x, got y').message).toBe('items.csv: expected x, got y');
  });
});
