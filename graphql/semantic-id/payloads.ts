import { Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import { ItemSet } from '../item/types';
import type { ReassignmentImpact as ImpactRecord, ReassignmentRecord } from './records';

@ObjectType({ description: 'The semantic ID of an item before and after a change.', simpleResolvers: true })
export class SemanticIdChange {
  @Nullable(() => [Int], 'The codes before; null when the item had none.')
  readonly before!: readonly number[] | null;

  @Field(() => [Int], 'The codes after.')
  readonly after!: readonly number[];
}

@ObjectType({ description: 'What a reassignment does to other items.', simpleResolvers: true })
export class ReassignmentImpact {
  @Field(() => ItemSet, 'Items that share all codebook codes with another item after the change and did not before.')
  readonly collisionsMade!: ItemSet;

  @Field(() => ItemSet, 'Items that shared all codebook codes with another item before the change and do not after it.')
  readonly collisionsSolved!: ItemSet;

  @Field(
    () => ItemSet,
    'Items whose similar items change: those under the longest prefix that an item shares with another one.',
  )
  readonly similarItemsChanged!: ItemSet;
}

/** The fields that every reassignment answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ReassignmentPayload extends MutationPayload {
  @Nullable(() => ReassignmentImpact, 'What the change does to other items; null when the call was refused.')
  readonly impact!: ReassignmentImpact | null;

  @Nullable(
    () => Int,
    'The catalogue version that the changes were computed from; null when the call was refused. Pass it as ' +
      '`ifCatalogueVersion` to make sure that the real call does what the dry run showed.',
  )
  readonly baseVersion!: number | null;

  @Nullable(
    () => Int,
    'The catalogue version that this change made; null in a dry run, when nothing changed, and when the call was refused.',
  )
  readonly catalogueVersion!: number | null;
}

@ObjectType({ description: 'The answer of `reassignSemanticIds`.', simpleResolvers: true })
export class ReassignSemanticIdsPayload extends ReassignmentPayload {}

@ObjectType({ description: 'The answer of `undoReassignment`.', simpleResolvers: true })
export class UndoReassignmentPayload extends ReassignmentPayload {}

export function toReassignmentPayload({ impact, ...payload }: ReassignmentRecord) {
  return { ...payload, impact: impact && impactSets(impact) };
}

function impactSets(impact: ImpactRecord) {
  return {
    collisionsMade: setOf(impact.collisionsMade),
    collisionsSolved: setOf(impact.collisionsSolved),
    similarItemsChanged: setOf(impact.similarItemsChanged),
  };
}

function setOf(itemIds: readonly number[]) {
  return { count: itemIds.length, itemIds };
}
