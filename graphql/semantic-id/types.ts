import { Float, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import { ItemSet } from '../item/types';
import type { ReassignmentImpact as ImpactRecord, ReassignmentRecord } from './records';

@ObjectType({ description: 'The name of an item that the model reads and writes.', simpleResolvers: true })
export class SemanticId {
  @Field(() => [Int], 'One code for each level, then the collision token, such as `[12, 24, 52, 0]`.')
  readonly codes!: readonly number[];
}

@ObjectType({ description: 'A node of the trie: the first codes of semantic IDs.', simpleResolvers: true })
export class SemanticIdPrefix {
  @Field(() => [Int], 'The codes of the prefix, coarse to fine.')
  readonly codes!: readonly number[];

  @Field(() => Int, 'The number of items whose semantic ID begins with these codes.')
  readonly itemCount!: number;
}

export const SemanticIdPrefixConnection = connectionOf(SemanticIdPrefix, 'SemanticIdPrefix');

@ObjectType({ description: 'How the codes of one level are used.', simpleResolvers: true })
export class CodebookLevel {
  @Field(() => Int, 'The level; 0 is the coarsest.')
  readonly level!: number;

  @Field(() => Int, 'The number of codes in the codebook.')
  readonly size!: number;

  @Field(() => Int, 'The number of codes that at least one item has.')
  readonly usedCodes!: number;

  @Field(() => Float, 'The exponential of the entropy of the codes: `usedCodes` when all are equally frequent.')
  readonly perplexity!: number;

  @Field(() => [Int], 'The number of items with each code.')
  readonly histogram!: readonly number[];
}

@ObjectType({ description: 'Figures about items that only the collision token tells apart.', simpleResolvers: true })
export class CollisionReport {
  @Field(() => Int, 'The number of items that share all codebook codes with another item.')
  readonly collidingItemCount!: number;

  @Field(() => Float, 'Their share of all items that have a semantic ID, 0–1.')
  readonly rate!: number;
}

@ObjectType({ description: 'How far a reassignment is, or its dry run.', simpleResolvers: true })
export class ReassignmentProgress {
  @Field(() => Int, 'Items whose new codes are known.')
  readonly done!: number;

  @Field(() => Int, 'Items that it is about.')
  readonly total!: number;
}

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

  @Field(() => ItemSet, 'Items whose similar items change: those under the longest shared prefix.')
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

  @Nullable(() => Int, 'The catalogue version that it made; null: nothing changed, a dry run, or refused.')
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
