/** Runs claims. Each measurement has a fresh process; ours and the peer's alternate, and two never run at the same time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Claim, Figures, Limit } from './claim';
import type { TorchRunner } from './torch';

/** One pair of measurements. */
export interface Sample {
  readonly ours: Figures;
  readonly peer: Figures | null;
}

/** The result of a claim: medians over all pairs. The ratio is computed for each pair first. */
export interface Row {
  readonly claim: Claim;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly ratioMin: number | null;
  readonly samples: readonly Sample[];
  /** Whether all limits are met; null when the figure of a limit could not be measured. */
  readonly holds: boolean | null;
  /** Why the peer has no figure, or another remark for people. */
  readonly remark: string | null;
}

/** Which of the claim's two measurements a child process makes. */
export type Side = 'ours' | 'peer';

export interface RunOptions {
  readonly runs: number;
  readonly torch: TorchRunner;
  readonly shopDir: string;
}

export async function runClaim(claim: Claim, { runs, torch, shopDir }: RunOptions): Promise<Row> {
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) {
    const ours = await measureInChild(claim.name, 'ours', shopDir);
    samples.push({ ours, peer: await measurePeer(claim, ours, torch, shopDir) });
  }
  return rowOf(claim, samples, claim.peer.kind === 'torch' ? torch.problem : null);
}

async function measurePeer(claim: Claim, ours: Figures, torch: TorchRunner, shopDir: string): Promise<Figures | null> {
  const { peer } = claim;
  switch (peer.kind) {
    case 'torch':
      return torch.problem === null ? torch.run(peer) : null;
    case 'measure':
      return measureInChild(claim.name, 'peer', shopDir);
    case 'beside':
      return ours.peer === undefined ? null : { value: ours.peer };
    case 'none':
      return null;
    default:
      return peer satisfies never;
  }
}

/**
 * Makes one measurement in a fresh process, which can call the garbage collector.
 *
 * @throws {Error} When the process ends without a result; its own message is on stderr.
 */
async function measureInChild(name: string, side: Side, shopDir: string): Promise<Figures> {
  return (await inChild(['--child', name, side, shopDir])) as Figures;
}

/** @returns The message that the child process sends; it sends one. */
export async function inChild(args: readonly string[]): Promise<unknown> {
  const child = fork(join(__dirname, 'main.js'), args, {
    execArgv: ['--expose-gc'],
    // The output of the child goes to stderr, because stdout is for the report.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  let result: unknown;
  child.on('message', (message) => (result = message));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0 && result !== undefined) return result;
  throw new Error(`${args.slice(1, 3).join(' ')}: expected a result, got exit code ${code}`);
}

/** Makes the measurement in this process, which is the child. */
export async function measureHere(claim: Claim, side: Side, shopDir: string): Promise<Figures> {
  if (side === 'ours') return claim.measure(shopDir);
  if (claim.peer.kind === 'measure') return claim.peer.measure(shopDir);
  throw new Error(`${claim.name}: expected a peer that is measured here, got ${claim.peer.kind}`);
}

/** Summarises all pairs and checks the limits. */
export function rowOf(claim: Claim, samples: readonly Sample[], remark: string | null): Row {
  const pairs = samples.flatMap(({ ours, peer }) => (peer === null ? [] : [{ ours: ours.value, peer: peer.value }]));
  const ratios = pairs.map(({ ours, peer }) => ours / peer);
  const row = {
    claim,
    ours: median(samples.map(({ ours }) => ours.value)),
    peer: pairs.length === 0 ? null : median(pairs.map(({ peer }) => peer)),
    ratio: ratios.length === 0 ? null : median(ratios),
    ratioMin: ratios.length === 0 ? null : Math.min(...ratios),
    samples,
    remark,
  };
  const verdicts = claim.limits.map((limit) => isMet(limit, figureOf(limit, row)));
  return { ...row, holds: verdicts.includes(false) ? false : verdicts.includes(null) ? null : true };
}

type Measured = Omit<Row, 'holds'>;

/** @returns The figure that a limit is about; null when it was not measured. */
export function figureOf({ on }: Limit, { ours, peer, ratio, samples }: Measured): number | null {
  if (on === 'ours') return ours;
  if (on === 'ratio') return ratio;
  if (on === 'difference') return peer === null ? null : ours - peer;
  return noteOf(samples, on.note);
}

/** @returns The median of one of our notes; null when no measurement has this note. */
export function noteOf(samples: readonly Sample[], name: string): number | null {
  const values = samples.flatMap(({ ours }) => ours.notes?.[name] ?? []);
  return values.length === 0 ? null : median(values);
}

function isMet({ atMost, atLeast }: Limit, figure: number | null): boolean | null {
  if (figure === null) return null;
  return figure <= (atMost ?? Infinity) && figure >= (atLeast ?? -Infinity);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Interpolates linearly between the two nearest values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

/** @returns The result of the body, and the milliseconds that it took. */
export async function timed<T>(body: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begin = performance.now();
  const result = await body();
  return { ms: performance.now() - begin, result };
}

export interface Timing {
  /** Calls that are not counted, because they still compile, fill caches and set things up. */
  readonly warmUp: number;
  readonly calls: number;
}

/** Makes the calls one after another. @returns The milliseconds of each counted call. */
export async function timeCalls(body: (call: number) => Promise<unknown> | unknown, timing: Timing): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < timing.warmUp + timing.calls; call++) {
    const begin = performance.now();
    await body(call);
    if (call >= timing.warmUp) times.push(performance.now() - begin);
  }
  return times;
}
