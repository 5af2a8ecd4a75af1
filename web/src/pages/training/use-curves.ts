import { useMemo } from 'react';
import { type CombinedError } from 'urql';

import { type Curve, joinPoints, type Point, smooth, type View } from '../../components/curves/curve-data';
import { formatDateTime, presetName } from '../../components/format/format';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { TrainingCurvesDocument, type TrainingCurvesQuery } from '../../graphql/graphql';
import { METRICS } from './training-state';
import type { TrainingFeed } from './use-training-feed';

const POINTS = 500;

interface CurvesQuery {
  readonly ids: readonly string[];
  readonly metric: string;
  /** 0–1. */
  readonly smoothing: number;
  readonly feed: TrainingFeed;
  /** The enlarged part; null: none. */
  readonly view: View | null;
}

/**
 * The curves of some jobs: the stored points, then what is pushed. After a lost connection the stored points are asked for
 * again, so that none is missing.
 */
export function useCurves({ ids, metric, smoothing, feed, view }: CurvesQuery): {
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
  // The server has thinned the whole curve. It has more points of the steps that are enlarged.
  const [{ data: enlarged }] = useFreshQuery(
    {
      query: TrainingCurvesDocument,
      variables: { ids: [...ids], metric: ofQuery, points: POINTS, ...stepsOf(view) },
      pause: ids.length === 0 || view === null,
    },
    metric,
  );
  const curves = useMemo(
    () =>
      (data?.nodes ?? []).flatMap((job): Curve[] => {
        // The former answer for this figure stays until the next one, and may have other jobs.
        if (job === null || !('curve' in job) || !ids.includes(job.id)) return [];
        const stored = joinPoints(job.curve, view === null ? [] : pointsOf(enlarged, job.id));
        const points = joinPoints(stored, feed.livePoints(job.id, metric));
        if (points.length === 0) return [];
        const label = `${presetName(job.preset)}, seed ${job.seed}, ${formatDateTime(job.createdAt)}`;
        return [{ id: job.id, label, color: ids.indexOf(job.id), points: smooth(points, smoothing) }];
      }),
    [data, enlarged, view, feed, metric, smoothing, ids],
  );
  return { curves, isLoading: fetching && !data, error, reload: () => query({ requestPolicy: 'network-only' }) };
}

function stepsOf(view: View | null): { fromStep: number; toStep: number } | null {
  return view && { fromStep: Math.max(0, Math.floor(view.min)), toStep: Math.ceil(view.max) };
}

function pointsOf(data: TrainingCurvesQuery | undefined, id: string): readonly Point[] {
  const job = data?.nodes?.find((node) => node?.id === id);
  return job && 'curve' in job ? job.curve : [];
}
