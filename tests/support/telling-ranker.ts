/** A ranker of held-out users whose model lists items in an order that a test gives, as far as a request admits them. */
import { splitLog, type InteractionLog } from '../../models/data/interactions';
import type { Candidates } from '../../models/decoding/mixture';
import { findPrefix } from '../../models/decoding/trie-view';
import { HeldOutRanker } from '../../models/evaluation/held-out-ranker';
import type { MetricValue } from '../../models/evaluation/metrics';
import type { PlanPass } from '../../models/evaluation/test-lists';
import type { Tiger } from '../../models/serving/tiger-model';
import type { MixtureWeights } from '../../models/serving/tiger-parts';
import type { TigerRequest } from '../../models/serving/tiger-request';
import { bothKinds, candidatesOf, listWeights, type Said } from './candidates';
import { idsOf } from './little-log';

interface Orders {
  readonly log: InteractionLog;
  readonly numItems: number;
  /** Item rows, the best first; its probabilities are .5, .25 and so on. */
  readonly decoder: readonly number[];
  /** Null: the model has no item head. */
  readonly itemHead: readonly number[] | null;
  /** What the neighbours say; absent: nothing. */
  readonly neighbours?: readonly number[];
}

/** What the model was asked, with the weights that it had then. */
export interface Asked {
  readonly request: TigerRequest;
  readonly weights: MixtureWeights;
}

export interface TellingRanker {
  readonly ranker: HeldOutRanker;
  readonly asked: readonly Asked[];
}

export function tellingRanker({ log, numItems, decoder, itemHead, neighbours = [] }: Orders): TellingRanker {
  const semanticIds = idsOf(numItems);
  const asked: Asked[] = [];
  const says = ({ view }: TigerRequest): Candidates => {
    const probabilities = (order: readonly number[]) =>
      Object.fromEntries(
        order.flatMap((item, i) => (findPrefix(view, semanticIds[item]) === null ? [] : [[item, 0.5 ** (1 + i)]])),
      );
    const said: Said = {
      decoder: probabilities(decoder),
      ...(itemHead && { itemHead: probabilities(itemHead) }),
      neighbours: probabilities(neighbours),
    };
    return candidatesOf(said);
  };
  const tiger = {
    hasItemHead: itemHead !== null,
    weights: bothKinds({ decoder: 1 }),
    candidates: (requests: readonly TigerRequest[]) => {
      asked.push(...requests.map((request) => ({ request, weights: tiger.weights })));
      return Promise.resolve(requests.map(says));
    },
  };
  const input = { log, split: splitLog(log), semanticIds, codebookSize: 8, seed: 1 };
  return { ranker: new HeldOutRanker(tiger as unknown as Tiger, input), asked };
}

/** The decoder's lists are served, and the neighbours are the evidence. */
export const BY_DECODER = { served: listWeights({ decoder: 1 }), evidence: listWeights({ neighbours: 1 }) };

/** Plans passes on test. */
export const planOnTest: PlanPass = (options) => ({ part: 'test', signal: new AbortController().signal, ...options });

export const valuesOf = (metrics: readonly MetricValue[]) => new Map(metrics.map(({ name, value }) => [name, value]));
