import { PrefixMass } from '../../../models/decoding/prefix-mass';

const root = new PrefixMass([
  { codes: [0, 1, 2], probability: 0.5 },
  { codes: [0, 1, 3], probability: 0.25 },
  { codes: [2, 1, 3], probability: 0.125 },
]);

describe('PrefixMass', () => {
  it('is the sum of the items that begin with the prefix', () => {
    expect(root.mass).toBe(0.875);
    expect(root.child(0)?.mass).toBe(0.75);
    expect(root.child(0)?.child(1)?.child(3)?.mass).toBe(0.25);
    expect(root.child(2)?.child(1)?.mass).toBe(0.125);
  });

  it('has nothing for a prefix that no item begins with', () => {
    expect(root.child(1)).toBeNull();
    expect(root.child(0)?.child(3)).toBeNull();
    expect(new PrefixMass([]).mass).toBe(0);
    expect(new PrefixMass([]).child(0)).toBeNull();
  });
});
