import { useMemo } from 'react';
import { type CombinedError, useQuery } from 'urql';

import { type Curve, joinPoints, smooth } from '../../components/curves/curve-data';
import { formatDateTime } from '../../components/format/format';
import { TrainingCurvesDocument } from '../../graphql/graphql';
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
  const [{ data, fetching, error }, query] = useQuery({
    query: TrainingCurvesDocument,
    variables: { ids: [...ids], metric, points: POINTS },
    pause: ids.length === 0,
  });
  const curves = useMemo(
    () =>
      (data?.nodes ?? []).flatMap((job): Curve[] => {
        if (job === null || !('curve' in job)) return [];
        const points = joinPoints(job.curve, feed.livePoints(job.id, metric));
        if (points.length === 0) return [];
        const label = `${job.preset}, seed ${job.seed}, ${formatDateTime(job.createdAt)}`;
        return [{ id: job.id, label, points: smooth(points, smoothing) }];
      }),
    [data, feed, metric, smoothing],
  );
  return { curves, isLoading: fetching && !data, error, reload: () => query({ requestPolicy: 'network-only' }) };
}
