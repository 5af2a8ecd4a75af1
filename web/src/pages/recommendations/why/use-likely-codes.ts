import { useEffect, useState } from 'react';
import { type Client, useClient } from 'urql';

import {
  type LikelyCodesFragment,
  LikelyForHistoryDocument,
  LikelyForUserDocument,
  type RecommendationOptions,
} from '../../../graphql/graphql';
import type { Subject } from '../recommendations-state';
import { type LikelyCode, likelyCodes } from './likely-codes';

const BEAM_WIDTH = 60;

/**
 * @param version - The global ID of the model version that made the list; empty: the live one.
 * @param codes - The codes of the path, coarse to fine.
 * @returns One list a level; null while they are on their way.
 */
export function useLikelyCodes(
  subject: Subject,
  version: string,
  codes: readonly number[],
): readonly (readonly LikelyCode[])[] | null {
  const client = useClient();
  const [found, setFound] = useState<{ readonly key: string; readonly levels: readonly LikelyCode[][] } | null>(null);
  const key = JSON.stringify([subject, version, codes]);
  useEffect(() => {
    let isCurrent = true;
    const [of, by, path] = JSON.parse(key) as [Subject, string, number[]];
    const levels = path.map(async (_, level) =>
      likelyCodes(await likelyUnder(client, of, by, path.slice(0, level)), level),
    );
    void Promise.all(levels).then((all) => isCurrent && setFound({ key, levels: all }));
    return () => {
      isCurrent = false;
    };
  }, [client, key]);
  return found?.key === key ? found.levels : null;
}

/** @returns The likeliest items under a prefix; a filter hides items and moves no probability. */
async function likelyUnder(
  client: Client,
  subject: Subject,
  version: string,
  prefix: readonly number[],
): Promise<LikelyCodesFragment> {
  const options: RecommendationOptions = {
    includeSeen: true,
    beamWidth: BEAM_WIDTH,
    ...(version !== '' && { modelVersion: version }),
    ...(prefix.length > 0 && { filter: { semanticIdPrefix: [...prefix] } }),
  };
  if (subject.kind === 'user') {
    const { data } = await client.query(LikelyForUserDocument, { externalId: subject.externalId, options }).toPromise();
    return data?.user?.recommendations ?? { nodes: [] };
  }
  const { data } = await client.query(LikelyForHistoryDocument, { history: [...subject.history], options }).toPromise();
  return data?.recommendations ?? { nodes: [] };
}
