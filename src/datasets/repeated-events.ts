/** Leaves out events that repeat an earlier one. */
import type { DatasetSequence } from './dataset';

/** A `Set` of JavaScript holds 16.7 million. */
const MAX_IDS_PER_SET = 16_000_000;

export class RepeatedEvents {
  /** Events left out in the last reading. */
  merged = 0;

  constructor(private readonly idsPerSet = MAX_IDS_PER_SET) {}

  /**
   * Yields the histories without repeated events: an event is known by its id. Where a dataset does not say what its events are, user,
   * item and time tell one from another. Else an event without an id stays.
   */
  async *leaveOut(sequences: AsyncIterable<DatasetSequence>): AsyncGenerator<DatasetSequence> {
    this.merged = 0;
    const eventIds = new ManyTexts(this.idsPerSet);
    for await (const sequence of sequences) {
      const kept = firstOfEach(sequence, eventIds);
      this.merged += sequence.times.length - kept.length;
      if (kept.length > 0) yield kept.length === sequence.times.length ? sequence : picked(sequence, kept);
    }
  }
}

/** A set of texts that may be larger than one `Set` can be. */
class ManyTexts {
  private readonly sets = [new Set<string>()];

  constructor(private readonly textsPerSet: number) {}

  has(text: string): boolean {
    return this.sets.some((set) => set.has(text));
  }

  add(text: string): void {
    if (this.sets[this.sets.length - 1].size === this.textsPerSet) this.sets.push(new Set());
    this.sets[this.sets.length - 1].add(text);
  }
}

/** @returns Positions. */
function firstOfEach({ itemExternalIds, times, events }: DatasetSequence, eventIds: ManyTexts): number[] {
  const ofUser = new ManyTexts(MAX_IDS_PER_SET);
  return [...itemExternalIds.keys()].filter((at) => {
    const [seen, key] = events ? [eventIds, events[at].eventId] : [ofUser, `${times[at]} ${itemExternalIds[at]}`];
    if (key === null) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function picked({ userExternalId, itemExternalIds, times, events }: DatasetSequence, at: number[]): DatasetSequence {
  return {
    userExternalId,
    itemExternalIds: at.map((i) => itemExternalIds[i]),
    times: at.map((i) => times[i]),
    ...(events && { events: at.map((i) => events[i]) }),
  };
}
