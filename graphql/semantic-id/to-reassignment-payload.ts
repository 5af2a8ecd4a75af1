/** A reassignment as its payload: what are many items' ids becomes sets that can be looked into. */
import type { ReassignmentRecord } from './records';

export function toReassignmentPayload({ impact, ...payload }: ReassignmentRecord) {
  return {
    ...payload,
    impact: impact && {
      collisionsMade: setOf(impact.collisionsMade),
      collisionsSolved: setOf(impact.collisionsSolved),
      neighboursChanged: setOf(impact.neighboursChanged),
    },
  };
}

function setOf(itemIds: readonly number[]) {
  return { count: itemIds.length, itemIds };
}
