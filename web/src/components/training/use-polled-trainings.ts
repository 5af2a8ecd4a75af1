/** Where no WebSocket comes through, the server is asked now and then which trainings run and how far they are. */
import { useEffect, useEffectEvent } from 'react';
import { useClient } from 'urql';

import { useConnectionState } from '../../app/connection';
import { POLL_MS } from '../../app/news';
import { type LiveProgressFragment, RunningTrainingsDocument } from '../../graphql/graphql';

/** @param onAnswer - Told of all trainings that run and have begun to report. */
export function usePolledTrainings(onAnswer: (reports: readonly LiveProgressFragment[]) => void): void {
  const isPolled = useConnectionState() === 'polled';
  const client = useClient();
  const tell = useEffectEvent(onAnswer);
  useEffect(() => {
    if (!isPolled) return;
    let isCurrent = true;
    const ask = async () => {
      const { data } = await client.query(RunningTrainingsDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      if (isCurrent && data?.trainingJobs) tell(data.trainingJobs.nodes.flatMap(({ progress }) => progress ?? []));
    };
    void ask();
    const timer = setInterval(() => void ask(), POLL_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [client, isPolled]);
}
