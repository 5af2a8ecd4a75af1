/** Gathers the rows of a file with one event each into one history a user, wherever the user's rows are. */
import { addToGroup } from '../../models/math/group-by';
import type { DatasetEvent, DatasetSequence } from './dataset';

interface Row extends Partial<DatasetEvent> {
  readonly itemId: string;
  readonly timeMs: number;
}

export class Histories {
  private readonly ofUsers = new Map<string, Row[]>();
  /** Each id once, however many rows name it. */
  private readonly ids = new Map<string, string>();

  add(user: string, { itemId, ...row }: Row): void {
    if (!this.ids.has(itemId)) this.ids.set(itemId, itemId);
    const shared = { itemId: this.ids.get(itemId)!, ...row };
    addToGroup(this.ofUsers, user, shared);
  }

  /** Yields the users in the order of their first rows, each one's oldest row first; rows of one time stay in the order of the file. */
  *sequences(): Generator<DatasetSequence> {
    for (const [userExternalId, rows] of this.ofUsers) {
      rows.sort((a, b) => a.timeMs - b.timeMs);
      yield {
        userExternalId,
        itemExternalIds: rows.map(({ itemId }) => itemId),
        times: rows.map(({ timeMs }) => timeMs),
        ...(rows[0].kind && { events: rows.map(({ kind, eventId }) => ({ kind: kind!, eventId: eventId ?? null })) }),
      };
    }
  }
}
