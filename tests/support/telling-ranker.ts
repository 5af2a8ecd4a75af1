/** A ranker of held-out users whose model lists items in an order that a test gives, as far as a request admits them. */
import { splitLog, type InteractionLog } from '../../models/data/interactions';
import type { Candidates } from '../../models/decoding/fusion';
import { findPrefix } from '../../models/decoding/trie-view';
import { HeldOutRanker } from '../../models/evaluation/held-out-ranker';
import type { MetricValue } from '../../models/evaluation/metrics';
import type { PlanPass } from '../../models/evaluation/test-lists';
import type { Tiger } from '../../models/serving/tiger-model';
import { type ItemHeadWeights, NO_WEIGHTS } from '../../models/serving/tiger-parts';
import type { TigerRequest } from '../../models/serving/tiger-request';
import { idsOf } from './little-log';

interface Orders {
  readonly log: InteractionLog;
  readonly numItems: number;
  /** Item rows, the best first; its probabilities are .5, .25 and so on. */
  readonly decoder: readonly number[];
  /** Null: the model has no item head. */
  readonly itemHead: readonly number[] | null;
}

/** What the model was asked, with the weights that it had then. */
export interface Asked {
  readonly request: TigerRequest;
  readonly weights: ItemHeadWeights;
}

export interface TellingRanker {
  readonly ranker: HeldOutRanker;
  readonly asked: readonly Asked[];
}

export function tellingRanker({ log, numItems, decoder, itemHead }: Orders): TellingRanker {
  const semanticIds = idsOf(numItems);
  const asked: Asked[] = [];
  const says = ({ view }: TigerRequest): Candidates => {
    const admitted = (order: readonly number[]) => order.filter((item) => findPrefix(view, semanticIds[item]) !== null);
    return {
      decoder: admitted(decoder).map((itemId) => foundAs(itemId, scoreIn(decoder, itemId))),
      itemHead: itemHead && admitted(itemHead),
      itemHeadScore: (itemId) => (itemHead?.includes(itemId) ? scoreIn(itemHead, itemId) : null),
    };
  };
  const tiger = {
    hasItemHead: itemHead !== null,
    hasItemTexts: false,
    weights: NO_WEIGHTS,
    mixtures: (requests: readonly TigerRequest[]) => {
      asked.push(...requests.map((request) => ({ request, weights: tiger.weights })));
      return Promise.resolve(requests.map((request) => () => says(request)));
    },
  };
  const input = { log, split: splitLog(log), semanticIds, codebookSize: 8, seed: 1 };
  return { ranker: new HeldOutRanker(tiger as unknown as Tiger, input), asked };
}

const foundAs = (itemId: number, score: number) => ({ itemId, score, codes: [], logProbabilities: [] });
const scoreIn = (order: readonly number[], itemId: number) => Math.log(0.5) * (1 + order.indexOf(itemId));

/** Plans passes on test. */
export const planOnTest: PlanPass = (options) => ({ part: 'test', signal: new AbortController().signal, ...options });

export const valuesOf = (metrics: readonly MetricValue[]) => new Map(metrics.map(({ name, value }) => [name, value]));
