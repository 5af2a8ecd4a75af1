/** Keeps the operations that run for each socket. An operation ends with its socket, or when its client says `complete`. */
import type { Context as SocketContext } from 'graphql-ws';

import type { Limits } from '../config';
import { CancelledError, OverloadedError, PublicError } from '../errors';
import type { SocketExtra } from './serve-sockets';

export type Socket = SocketContext<Record<string, unknown> | undefined, SocketExtra>;

/** One operation, from its message to the last answer that its client has taken. */
export interface SocketOperation {
  /** Aborted when nobody waits for the answer any more. */
  readonly life: AbortController;
  /** @throws {GraphQLError} When nobody waits for it any more, or there are as many subscriptions in all as there may be. */
  countAsSubscription(): void;
  /** Takes the events of a subscription, so that they end with it. */
  follow(events: AsyncIterator<unknown>): void;
  /** Does nothing more than once. */
  end(): void;
}

interface Running extends SocketOperation {
  /** graphql-ws keeps the ids of operations here until their clients complete them. */
  readonly socket: Socket;
  /** Ends it, whatever it is doing. */
  abandon(): void;
}

export class SocketOperations {
  private readonly bySocket = new WeakMap<SocketExtra, Map<string, Running>>();
  private subscriptions = 0;

  constructor(private readonly limits: Pick<Limits, 'maxSocketOperations' | 'maxSubscriptions'>) {}

  /** @throws {PublicError} When the socket has as many as it may have, or still one of this id. */
  begin(socket: Socket, id: string): SocketOperation {
    const own = this.ownOf(socket.extra);
    const { maxSocketOperations: max } = this.limits;
    if (countCurrent(own) >= max)
      throw new PublicError(
        'TOO_MANY_OPERATIONS',
        `operations: expected at most ${max} per socket, got more; complete one first`,
        429,
      );
    // graphql-ws knows one operation for each id. When an older one with the same id ended, it would forget the newer one.
    if (own.has(id))
      throw new PublicError('BAD_REQUEST', `id: expected one that is not in use, got that of a running operation`, 400);
    const running = this.runningOf(socket, () => own.get(id) === running && own.delete(id));
    own.set(id, running);
    return running;
  }

  end({ extra }: Socket, id: string): void {
    this.bySocket.get(extra)?.get(id)?.end();
  }

  /** Ends those that their clients have completed: graphql-ws forgets these, but lets them run. Call it after each message. */
  abandonCompleted(extra: SocketExtra): void {
    for (const [id, running] of this.bySocket.get(extra) ?? [])
      if (!(id in running.socket.subscriptions)) running.abandon();
  }

  abandonAll(extra: SocketExtra): void {
    for (const running of this.bySocket.get(extra)?.values() ?? []) {
      running.abandon();
      running.end();
    }
  }

  private ownOf(extra: SocketExtra): Map<string, Running> {
    const own = this.bySocket.get(extra) ?? new Map<string, Running>();
    this.bySocket.set(extra, own);
    return own;
  }

  private runningOf(socket: Socket, onEnd: () => void): Running {
    const life = new AbortController();
    let events: AsyncIterator<unknown> | null = null;
    let isSubscription = false;
    const leave = () => void events?.return?.();
    return {
      socket,
      life,
      countAsSubscription: () => {
        // An operation that has ended does not end again, so it would be counted for ever.
        life.signal.throwIfAborted();
        const { maxSubscriptions: max } = this.limits;
        if (this.subscriptions >= max)
          throw new OverloadedError(`subscriptions: expected at most ${max} in all, got more; try again later`);
        this.subscriptions++;
        isSubscription = true;
      },
      follow: (stream) => {
        events = stream;
        if (life.signal.aborted) leave();
      },
      abandon: () => {
        if (life.signal.aborted) return;
        life.abort(new CancelledError());
        leave();
      },
      end: () => {
        if (isSubscription) this.subscriptions--;
        isSubscription = false;
        onEnd();
      },
    };
  }
}

/** What has been abandoned ends soon, or is a mutation, which keeps its place until it has ended. */
function countCurrent(own: ReadonlyMap<string, Running>): number {
  let count = 0;
  for (const { life } of own.values()) if (!life.signal.aborted) count++;
  return count;
}
