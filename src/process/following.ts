/** Looks for what other processes have changed in the database, and brings it into this one. */
import type { Logger } from '../logger';
import type { Followers } from '../recommend/followers';
import type { ChangeLog } from '../storage/change-log';
import type { ProgressEvents } from '../training/progress-events';
import { type Poller, startPolling } from '../waiting/polling';

const POLL_MS = 500;

export interface FollowingParts {
  readonly log: Pick<ChangeLog, 'follow'>;
  readonly followers: Pick<Followers, 'poll'>;
  readonly progress: Pick<ProgressEvents, 'follow'>;
  readonly logger: Pick<Logger, 'error'>;
}

export function createFollowing({ log, followers, progress, logger }: FollowingParts) {
  let pollers: readonly Poller[] = [];
  return {
    start() {
      const onFailure = (error: unknown) =>
        logger.error({ err: error }, 'The changes of other servers could not be read. This server tries again.');
      // Each polls for itself: encoding texts for items without codes takes long, and changes shall not wait for that.
      const polls = [() => log.follow(), () => followers.poll(), () => progress.follow()];
      pollers = polls.map((poll) => startPolling(poll, { intervalMs: POLL_MS, onFailure }));
    },
    async dispose() {
      await Promise.all(pollers.map((poller) => poller.dispose()));
    },
  };
}
