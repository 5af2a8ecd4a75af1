/** A claim of the bench and one measurement of it, for tests of what is made of measurements. */
import type { Claim } from '../../bench/claim';

export const CLAIM: Claim = {
  name: 'speed',
  what: 'how fast',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 0.5 }],
  measure: async () => ({ value: 1 }),
  peer: { kind: 'beside' },
};

export const sample = (ours: number, peer: number | null, notes = {}) => ({
  ours: { value: ours, notes },
  peer: peer === null ? null : { value: peer },
});
