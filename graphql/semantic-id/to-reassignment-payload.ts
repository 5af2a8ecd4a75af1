/** Makes the payload of a reassignment: lists of item ids become item sets. */
import type { ReassignmentImpact, ReassignmentRecord } from './records';

export function toReassignmentPayload({ impact, ...payload }: ReassignmentRecord) {
  return { ...payload, impact: impact && impactSets(impact) };
}

function impactSets(impact: ReassignmentImpact) {
  const similarItemsChanged = setOf(impact.similarItemsChanged);
  return {
    collisionsMade: setOf(impact.collisionsMade),
    collisionsSolved: setOf(impact.collisionsSolved),
    similarItemsChanged,
    neighboursChanged: similarItemsChanged,
  };
}

function setOf(itemIds: readonly number[]) {
  return { count: itemIds.length, itemIds };
}
