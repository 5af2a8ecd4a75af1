import { useEffect, useState } from 'react';
import { type Client, CombinedError, useClient } from 'urql';

import { useRetry } from '../../../components/states/retry';
import { type LikelyCodesFragment, LikelyItemsDocument, type RecommendationOptions } from '../../../graphql/graphql';
import { type Subject, variablesOf } from '../recommendations-state';
import { type LikelyCode, likelyCodes } from './likely-codes';

/** Wider than lists need, so that each level shows codes beside the likeliest. */
const LIKELY_BEAM_WIDTH = 60;

export interface LikelyCodes {
  /** One list a level; null while they are on their way, and when they could not be had. */
  readonly levels: readonly (readonly LikelyCode[])[] | null;
  readonly error?: CombinedError;
  retry(): void;
}

/**
 * @param version - The global ID of the model version that made the list; empty: the active one.
 * @param codes - The codes of the path, coarse to fine.
 */
export function useLikelyCodes(subject: Subject, version: string, codes: readonly number[]): LikelyCodes {
  const client = useClient();
  const [found, setFound] = useState<Found | null>(null);
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify([subject, version, codes]);
  useEffect(() => {
    let isCurrent = true;
    const [of, by, path] = JSON.parse(key) as [Subject, string, number[]];
    const levels = path.map(async (_, level) =>
      likelyCodes(await likelyUnder(client, of, by, path.slice(0, level)), level),
    );
    const tell = (answer: Omit<Found, 'key'>) => isCurrent && setFound({ key, ...answer });
    void Promise.all(levels).then(
      (all) => tell({ levels: all }),
      (error: unknown) => {
        if (!(error instanceof CombinedError)) throw error;
        tell({ levels: null, error });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, key, attempt]);
  const retry = () => setAttempt(attempt + 1);
  const known: Omit<LikelyCodes, 'retry'> = found?.key === key ? found : { levels: null };
  useRetry(known.error, retry);
  return { ...known, retry };
}

interface Found extends Omit<LikelyCodes, 'retry'> {
  readonly key: string;
}

/**
 * @returns The likeliest items under a prefix; a filter hides items and moves no probability.
 * @throws {CombinedError} When they could not be had.
 */
async function likelyUnder(
  client: Client,
  subject: Subject,
  version: string,
  prefix: readonly number[],
): Promise<LikelyCodesFragment> {
  const options: RecommendationOptions = {
    includeSeen: true,
    beamWidth: LIKELY_BEAM_WIDTH,
    ...(version !== '' && { modelVersion: version }),
    ...(prefix.length > 0 && { filter: { semanticIdPrefix: [...prefix] } }),
  };
  const variables = { ...variablesOf(subject), options };
  const { data, error } = await client.query(LikelyItemsDocument, variables).toPromise();
  if (error) throw error;
  return data?.recommendations ?? { nodes: [] };
}
