/** Runs claims. Each measurement has a fresh process; ours and the peer's alternate, and two never run at the same time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Claim, Figures, Limit, Threads } from './claim';
import type { TorchRunner } from './torch';

/** One pair of measurements. */
export interface Sample {
  readonly ours: Figures;
  readonly peer: Figures | null;
}

/**
 * Whether a row's limits are met. `pairs disagree`: a quarter of the pairs or more is on the other side of a limit than the median, so
 * that a repetition may say otherwise. `unknown`: a figure is missing. `no limit`: the row only shows a figure.
 */
export type Verdict = 'holds' | 'fails' | 'pairs disagree' | 'unknown' | 'no limit';

/** The result of a claim: medians over all pairs. The ratio is computed for each pair first. */
export interface Row {
  readonly claim: Claim;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** The quartiles of the pairs' ratios: half of the pairs lies between them. */
  readonly ratioSpread: readonly [number, number] | null;
  /** The ratio of processor times; null where a row has none. */
  readonly cpuRatio: number | null;
  readonly samples: readonly Sample[];
  readonly verdict: Verdict;
  /** Why the peer has no figure, or another remark for people. */
  readonly remark: string | null;
}

/** The one of the claim's two measurements that a child process makes. */
export type Side = 'ours' | 'peer';

export interface RunOptions {
  readonly runs: number;
  readonly torch: TorchRunner;
  readonly shopDir: string;
}

export async function runClaim(claim: Claim, { runs, torch, shopDir }: RunOptions): Promise<Row> {
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) samples.push(await pair(claim, torch, shopDir, run % 2 === 1));
  return rowOf(claim, samples, claim.peer.kind === 'torch' ? torch.problem : null);
}

/** @param peerFirst - Every second pair is turned round, so that a machine that slows down favours neither side. */
async function pair(claim: Claim, torch: TorchRunner, shopDir: string, peerFirst: boolean): Promise<Sample> {
  const before = peerFirst ? await measurePeer(claim, torch, shopDir) : null;
  const ours = await measureInChild(claim.name, 'ours', shopDir);
  const beside = ours.peer === undefined ? null : { value: ours.peer };
  return { ours, peer: before ?? beside ?? (await measurePeer(claim, torch, shopDir)) };
}

async function measurePeer(claim: Claim, torch: TorchRunner, shopDir: string): Promise<Figures | null> {
  const { peer } = claim;
  switch (peer.kind) {
    case 'torch':
      return torch.problem === null ? torch.run(peer) : null;
    case 'measure':
      return measureInChild(claim.name, 'peer', shopDir);
    case 'beside':
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

/** Summarises all pairs and judges the limits. */
export function rowOf(claim: Claim, samples: readonly Sample[], remark: string | null): Row {
  const peers = samples.flatMap(({ peer }) => (peer === null ? [] : [peer.value]));
  const ratios = figuresOf('ratio', samples);
  const cpuRatios = samples.flatMap(({ ours, peer }) =>
    ours.cpu === undefined || peer?.cpu === undefined ? [] : [ours.cpu / peer.cpu],
  );
  return {
    claim,
    ours: median(samples.map(({ ours }) => ours.value)),
    peer: medianOrNull(peers),
    ratio: medianOrNull(ratios),
    ratioSpread: ratios.length === 0 ? null : [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    cpuRatio: medianOrNull(cpuRatios),
    samples,
    remark,
    verdict: worst(claim.limits.map((limit) => judge(limit, figuresOf(limit.on, samples)))),
  };
}

/** @returns The figure of each pair that has it. */
export function figuresOf(on: Limit['on'], samples: readonly Sample[]): number[] {
  return samples.flatMap(({ ours, peer }) => {
    if (on === 'ours') return ours.value;
    if (typeof on !== 'string') return ours.notes?.[on.note] ?? [];
    if (peer === null) return [];
    return on === 'ratio' ? ours.value / peer.value : ours.value - peer.value;
  });
}

function judge({ atMost, atLeast }: Limit, figures: readonly number[]): Verdict {
  if (figures.length === 0) return 'unknown';
  const isMet = (figure: number) => figure <= (atMost ?? Infinity) && figure >= (atLeast ?? -Infinity);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => isMet(quantile(figures, share)));
  if (low !== middle || high !== middle) return 'pairs disagree';
  return middle ? 'holds' : 'fails';
}

function worst(verdicts: readonly Verdict[]): Verdict {
  const order = ['fails', 'pairs disagree', 'unknown', 'holds'] as const;
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'no limit';
}

/** @returns The median of one of our notes; null when no measurement has this note. */
export function noteOf(samples: readonly Sample[], name: string): number | null {
  return medianOrNull(figuresOf({ note: name }, samples));
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
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
  return (await measureCalls(body, timing)).map(({ ms }) => ms);
}

/** @returns For each counted call its milliseconds, and the processor time of all threads meanwhile. */
export async function measureCalls(
  body: (call: number) => Promise<unknown> | unknown,
  { warmUp, calls }: Timing,
): Promise<{ ms: number; cpuMs: number }[]> {
  const times: { ms: number; cpuMs: number }[] = [];
  for (let call = 0; call < warmUp + calls; call++) {
    const [begin, cpuBegin] = [performance.now(), process.cpuUsage()];
    await body(call);
    const { user, system } = process.cpuUsage(cpuBegin);
    if (call >= warmUp) times.push({ ms: performance.now() - begin, cpuMs: (user + system) / 1000 });
  }
  return times;
}

/** The medians of calls in milliseconds; the processor time only of a measurement with one thread. */
export function figuresFrom(times: readonly { ms: number; cpuMs: number }[], threads: Threads): Figures {
  const value = median(times.map(({ ms }) => ms));
  return threads === 'one' ? { value, cpu: median(times.map(({ cpuMs }) => cpuMs)) } : { value };
}
