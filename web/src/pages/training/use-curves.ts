import { useMemo } from 'react';
import { type CombinedError } from 'urql';

import { type Curve, joinPoints, smooth } from '../../components/curves/curve-data';
import { formatDateTime, presetName } from '../../components/format/format';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { TrainingCurvesDocument } from '../../graphql/graphql';
import { METRICS } from './training-state';
import type { TrainingFeed } from './use-training-feed';

const POINTS = 500;

interface CurvesQuery {
  readonly ids: readonly string[];
  readonly metric: string;
  /** 0–1. */
  readonly smoothing: number;
  readonly feed: TrainingFeed;
}

/**
 * The curves of some jobs: the stored points, then what is pushed. After a lost connection the stored points are asked for
 * again, so that none is missing.
 */
export function useCurves({ ids, metric, smoothing, feed }: CurvesQuery): {
  readonly curves: readonly Curve[];
  readonly isLoading: boolean;
  readonly error?: CombinedError;
  reload(): void;
} {
  const ofQuery = (METRICS.find(({ value }) => value === metric) ?? METRICS[0]).metric;
  const [{ data, fetching, error }, query] = useFreshQuery(
    {
      query: TrainingCurvesDocument,
      variables: { ids: [...ids], metric: ofQuery, points: POINTS },
      pause: ids.length === 0,
    },
    metric,
  );
  const curves = useMemo(
    () =>
      (data?.nodes ?? []).flatMap((job): Curve[] => {
        // The former answer for this figure stays until the next one, and may have other jobs.
        if (job === null || !('curve' in job) || !ids.includes(job.id)) return [];
        const points = joinPoints(job.curve, feed.livePoints(job.id, metric));
        if (points.length === 0) return [];
        const label = `${presetName(job.preset)}, seed ${job.seed}, ${formatDateTime(job.createdAt)}`;
        return [{ id: job.id, label, color: ids.indexOf(job.id), points: smooth(points, smoothing) }];
      }),
    [data, feed, metric, smoothing, ids],
  );
  return { curves, isLoading: fetching && !data, error, reload: () => query({ requestPolicy: 'network-only' }) };
}
