/** An update of a large catalogue trains some of its items, so that it takes as long whatever their number is. */
import { createModel } from '../../models/checkpoint/model-weights';
import { presetConfig } from '../../models/config';
import { splitLog, type InteractionLog } from '../../models/data/interactions';
import { KIND_RULES, PURCHASE } from '../../models/data/kinds';
import { createRandom } from '../../models/math/random';
import { trainSeq2Seq } from '../../models/training/train-seq2seq';
import { codesOf, uniformRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { benchDevice } from '../devices';
import { median } from '../harness';

const UPDATES = 40;
/** The first compile, and make room. */
const WARM_UP = 5;
/** Interactions of each user: 17 to learn from, which is a length that batches have. */
const HISTORY = 20;

export const updateMillion: Claim = {
  name: 'update-1m-over-10k',
  what: 'an update of preset base among 1,000,000 items over the same among 10,000, p50',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1.3 }],
  measure: () => measureUpdate(1_000_000),
  peer: { kind: 'measure', measure: () => measureUpdate(10_000) },
};

async function measureUpdate(items: number): Promise<Figures> {
  const config = presetConfig('base');
  const rows = uniformRows(items, 'base');
  const log = zipfHistories(items, Math.ceil((UPDATES * config.training.batchSize) / (HISTORY - 3)));
  const semanticIds = Array.from({ length: items }, (_, row) => codesOf(rows, row));
  const times: number[] = [];
  let last = performance.now();
  await trainSeq2Seq({
    device: await benchDevice('all'),
    source: { model: createModel(config, items), log, split: splitLog(log), semanticIds, seed: 1 },
    config: { ...config.training, epochs: 1 },
    validate: () => Promise.resolve([]),
    onProgress: () => {
      const now = performance.now();
      times.push(now - last); // so few updates report one by one
      last = now;
    },
    onState: () => Promise.resolve(),
    resume: null,
    signal: new AbortController().signal,
  });
  const { maxRSS } = process.resourceUsage();
  return { value: median(times.slice(WARM_UP, UPDATES)), notes: { peakRssMb: maxRSS / 1024 } };
}

/** Few items are in most of the histories. */
function zipfHistories(items: number, users: number): InteractionLog {
  const random = createRandom(4);
  const total = users * HISTORY;
  return {
    userKeys: Array.from({ length: users }, (_, user) => `user-${user}`),
    offsets: Int32Array.from({ length: users + 1 }, (_, user) => user * HISTORY),
    items: Int32Array.from({ length: total }, () => Math.floor(items ** random.next()) % items),
    times: Float64Array.from({ length: total }, (_, at) => at),
    kinds: new Uint8Array(total).fill(PURCHASE),
    counts: new Int32Array(total).fill(1),
    rules: KIND_RULES,
  };
}
