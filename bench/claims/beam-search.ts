/** Constrained beam search against PyTorch: the latency of one user, the throughput of 32 users, and what a batch saves. */
import { uniformRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { PEER_ITEMS, timeDecoding } from '../decoding';
import { median, quantile } from '../harness';

export const beamOneUser: Claim = {
  name: 'beam-1-user',
  what: "one user's constrained beam search, beam 20, 81 tokens, 12,101 items, p50",
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 0.5 }],
  measure: oneUser,
  peer: {
    kind: 'torch',
    script: 'bench_infer.py',
    args: ['--beam', '20', '--items', String(PEER_ITEMS), '--users', '1', '--repeats', '100'],
    figure: ({ call_ms }) => call_ms?.median ?? NaN,
  },
};

export const beamManyUsers: Claim = {
  name: 'beam-32-users',
  what: '32 users in one call, otherwise the same',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 0.7 }],
  measure: manyUsers,
  peer: {
    kind: 'torch',
    script: 'bench_infer.py',
    args: ['--beam', '20', '--items', String(PEER_ITEMS), '--users', '32', '--repeats', '20'],
    figure: ({ call_ms }) => call_ms?.median ?? NaN,
  },
};

export const beamBatching: Claim = {
  name: 'beam-batching',
  what: 'the time per user in that batch over the time of a user alone',
  unit: 'ms per user',
  limits: [{ on: 'ratio', atMost: 0.6 }],
  measure: async () => ({ value: (await manyUsers()).value / 32 }),
  peer: { kind: 'measure', measure: oneUser },
};

async function oneUser(): Promise<Figures> {
  const times = await timeDecoding(uniformRows(PEER_ITEMS), 1, { warmUp: 20, calls: 200 });
  return { value: median(times), notes: { p95Ms: quantile(times, 0.95) } };
}

async function manyUsers(): Promise<Figures> {
  const times = await timeDecoding(uniformRows(PEER_ITEMS), 32, { warmUp: 3, calls: 20 });
  return { value: median(times), notes: { usersPerSecond: 32_000 / median(times) } };
}
