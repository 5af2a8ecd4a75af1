/**
 * The last phase of a training: the model that was measured learns what was held out, which is the newest part of the histories. Some of
 * the test users stay out of it, too: on them it is measured again, and its weights are kept only where they are not worse.
 */
import { weightsOf } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import type { Split } from '../data/interactions';
import type { ListWeights } from '../decoding/mixture';
import { mixtureRanks } from '../evaluation/choose-weights';
import type { HeldOutRanker } from '../evaluation/held-out-ranker';
import { isClearlyBetter, type MetricValue, plainMetric, prefixed, rankingMetrics } from '../evaluation/metrics';
import type { Seq2Seq } from '../seq2seq/batches';

/** Test users that stay out: the difference of two values on them has a standard error of about .01 of NDCG@10. */
const STAY_OUT = 500;

/** The pass over them. */
const OUTSIDE = { part: 'test', users: STAY_OUT } as const;

/** @returns The split whose training part is the whole log, but for the test of the users that stay out. */
export function splitOfLastPhase(ranker: HeldOutRanker): Split {
  const { log, split } = ranker.input;
  const ends = log.offsets.slice(1);
  for (const { user } of ranker.cases(OUTSIDE)) ends[user] = split.validationEnd[user];
  return { ...split, trainEnd: ends, validationEnd: ends };
}

export interface Measured<Parts> {
  readonly parts: Parts;
  readonly metrics: readonly MetricValue[];
}

interface LastPhase<Parts> {
  readonly model: Seq2Seq;
  readonly device: Device;
  readonly weights: ListWeights;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** The parts of lists before the phase. */
  readonly before: Parts;
  /** Opens a ranker of the test users that makes lists of these parts. */
  readonly open: (parts: Parts) => HeldOutRanker;
  /** Trains the model in place. @returns What lists are made of afterwards. */
  readonly learn: () => Promise<Parts>;
}

/**
 * Runs the last phase. Leaves the model with the weights that are kept.
 *
 * @returns What lists are made of from now on, and `last-phase.users`, `last-phase.before.…`, `last-phase.after.…` and `last-phase.kept`.
 */
export async function lastPhase<Parts>(phase: LastPhase<Parts>): Promise<Measured<Parts>> {
  const { model, device, before, seed } = phase;
  const weights = weightsOf(model, device);
  const former = await ranksOutside(phase, before);
  const after = await phase.learn();
  const latter = await ranksOutside(phase, after);
  const isKept = !isClearlyBetter(former, latter);
  if (!isKept) for (const [name, variable] of model.params.variables) device.write(variable, weights[name].data);
  const ndcg = (ranks: readonly number[]) => rankingMetrics(ranks, seed).filter(({ name }) => name === 'ndcg@10');
  return {
    parts: isKept ? after : before,
    metrics: prefixed('last-phase.', [
      plainMetric('users', former.length),
      ...prefixed('before.', ndcg(former)),
      ...prefixed('after.', ndcg(latter)),
      plainMetric('kept', isKept ? 1 : 0),
    ]),
  };
}

async function ranksOutside<Parts>({ open, weights, signal }: LastPhase<Parts>, parts: Parts): Promise<number[]> {
  const pass = { ...OUTSIDE, signal };
  const judged = await open(parts).rank(pass, ({ targets }, candidates) => ({ targets, candidates }));
  return mixtureRanks(judged, weights);
}
