/**
 * Gathers the rows of a file with one event each into one history a user, wherever the user's rows are. An event takes some bytes in
 * columns; as an object it would take a hundred and more.
 */
import type { InteractionKind } from '../../graphql/interaction/records';
import { GrowingArray } from '../../models/math/arrays';
import type { DatasetEvent, DatasetSequence } from './dataset';
import { DistinctTexts } from './distinct-texts';

interface Row extends Partial<DatasetEvent> {
  readonly itemId: string;
  readonly timeMs: number;
}

export class Histories {
  private readonly users = new DistinctTexts();
  private readonly items = new DistinctTexts();
  private readonly userOf = new GrowingArray(Int32Array);
  private readonly itemOf = new GrowingArray(Int32Array);
  private readonly times = new GrowingArray(Float64Array);
  /** Kinds, ids and ratings of the events; empty where a file has none. */
  private readonly kinds: InteractionKind[] = [];
  private readonly eventIds: (string | null)[] = [];
  private readonly ratings: (number | null)[] = [];

  /** All rows of a file have a kind, or none has. */
  add(user: string, { itemId, timeMs, kind, eventId = null, rating = null }: Row): void {
    this.userOf.push(this.users.add(user));
    this.itemOf.push(this.items.add(itemId));
    this.times.push(timeMs);
    if (kind === undefined) return;
    this.kinds.push(kind);
    this.eventIds.push(eventId);
    this.ratings.push(rating);
  }

  /** Yields the users in the order of their first rows, each one's oldest row first; rows of one time stay in the order of the file. */
  *sequences(): Generator<DatasetSequence> {
    const { kinds, eventIds, ratings } = this;
    const [itemOf, times] = [this.itemOf.view(), this.times.view()];
    for (const [user, rows] of rowsByUser(this.userOf.view(), this.users.count)) {
      const sorted = Array.from(rows.sort((a, b) => times[a] - times[b] || a - b));
      yield {
        userExternalId: this.users.at(user),
        itemExternalIds: sorted.map((row) => this.items.at(itemOf[row])),
        times: sorted.map((row) => times[row]),
        ...(kinds.length > 0 && {
          events: sorted.map((row) => ({ kind: kinds[row], eventId: eventIds[row], rating: ratings[row] })),
        }),
      };
    }
  }
}

/** Yields each user with the numbers of the user's rows, ascending. */
function* rowsByUser(userOf: Int32Array, numUsers: number): Generator<[user: number, rows: Int32Array]> {
  const offsets = new Int32Array(numUsers + 1);
  for (const user of userOf) offsets[user + 1]++;
  for (let user = 0; user < numUsers; user++) offsets[user + 1] += offsets[user];
  const free = offsets.slice();
  const rows = new Int32Array(userOf.length);
  userOf.forEach((user, row) => (rows[free[user]++] = row));
  for (let user = 0; user < numUsers; user++) yield [user, rows.subarray(offsets[user], offsets[user + 1])];
}
