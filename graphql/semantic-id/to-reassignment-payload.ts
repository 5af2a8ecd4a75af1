/** Makes the payload of a reassignment: lists of item ids become item sets. */
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
