/**
 * Constrained beam search against PyTorch: the latency of one user, the throughput of 32 users, and what a batch saves. `paper` has a
 * decoder alone; `base` has an item head, which looks at every item of the catalogue, texts and neighbours.
 */
import { uniformRows } from '../catalogues';
import type { Claim, Limit, Threads } from '../claim';
import { measureDecoding, PEER_ITEMS } from '../decoding';
import { figuresFrom } from '../harness';

interface SearchRow {
  readonly preset: 'paper' | 'base';
  readonly users: 1 | 32;
  readonly threads: Threads;
  /** Items of each user's history; absent: 20. */
  readonly history?: number;
}

const ONE_USER: SearchRow = { preset: 'paper', users: 1, threads: 'one' };
const WHAT = {
  paper: '20 items of history, 12,101 items',
  base: '20 items of history, 12,101 items, an item head, texts and neighbours',
};

export const beamClaims: readonly Claim[] = [
  against('beam-1-user', ONE_USER, 0.5),
  against('beam-1-user-all-cores', { ...ONE_USER, threads: 'all' }, 0.5),
  against('beam-32-users', { ...ONE_USER, users: 32 }, 0.6),
  against('beam-32-users-all-cores', { preset: 'paper', users: 32, threads: 'all' }, 0.6),
  against('base-1-user', { ...ONE_USER, preset: 'base' }, 0.5),
  against('base-1-user-all-cores', { preset: 'base', users: 1, threads: 'all' }, 0.5),
  against('base-32-users', { preset: 'base', users: 32, threads: 'one' }, 0.6),
  against('base-32-users-all-cores', { preset: 'base', users: 32, threads: 'all' }, 0.6),
  {
    name: 'beam-batching',
    what: 'the time per user in a batch of 32 over the time of a user alone, preset paper, one core',
    unit: 'ms per user',
    limits: [{ on: 'ratio', atMost: 0.6 }],
    measure: async () => {
      const { value, cpu } = await lists({ ...ONE_USER, users: 32 });
      return { value: value / 32, cpu: (cpu ?? NaN) / 32 };
    },
    peer: { kind: 'measure', measure: () => lists(ONE_USER) },
  },
];

/** The cost of a long history: the encoder reads five times as many tokens, once. */
export const longHistory: Claim = {
  name: 'beam-long-history',
  what: "one user's list from 100 items of history over the same from 20, preset paper, one core, p50",
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 5 }],
  measure: () => lists({ ...ONE_USER, history: 100 }),
  peer: { kind: 'measure', measure: () => lists(ONE_USER) },
};

function against(name: string, row: SearchRow, atMost: number): Claim {
  const { preset, users, threads } = row;
  const limits: Limit[] = [{ on: 'ratio', atMost }];
  const args = ['--beam', '20', '--items', String(PEER_ITEMS), '--users', String(users)];
  const whose = users === 1 ? "one user's list" : `lists of ${users} users in one call`;
  return {
    name,
    what: `${whose}, preset ${preset}, ${threads === 'one' ? 'one core' : 'all cores'}, beam 20, ${WHAT[preset]}, p50`,
    unit: 'ms',
    limits,
    measure: () => lists(row),
    peer: {
      kind: 'torch',
      script: 'bench_infer.py',
      args: [...args, '--repeats', users === 1 ? '60' : '12', ...(preset === 'base' ? ['--base'] : [])],
      threads,
      figure: ({ call_ms }) => call_ms?.median ?? NaN,
    },
  };
}

async function lists(row: SearchRow) {
  const settings = { ...row, rows: uniformRows(PEER_ITEMS, row.preset) };
  const timing = row.users === 1 ? { warmUp: 20, calls: 100 } : { warmUp: 3, calls: 12 };
  return figuresFrom(await measureDecoding(settings, timing), row.threads);
}
