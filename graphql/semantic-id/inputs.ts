import { ValidateNested } from 'class-validator';
import { ArgsType, InputType, Int } from 'type-graphql';

import { CodeList, InRange, ListLength } from '../common/bounds';
import { Default, Field, Nullable } from '../common/field';
import { MAX_BATCH, MAX_INT } from '../common/limits';
import { ItemRef } from '../item/inputs';

@ArgsType()
export class PrefixInput {
  @Default(() => [Int], [], 'The codes of the prefix, coarse to fine; an empty list is the root.')
  @CodeList(0)
  readonly codes!: number[];
}

@ArgsType()
export class ChangesInput {
  @Nullable(() => Int, 'The number of changes to answer with; absent: all.')
  @InRange(1, MAX_INT)
  readonly first?: number | null;
}

/** The fields that every reassignment asks for. It is not a type of the schema. */
@InputType()
export abstract class PlannedReassignmentInput {
  @Default(() => Boolean, false, 'Whether the call changes nothing, and only answers what would change.')
  readonly dryRun!: boolean;

  @Nullable(() => Int, 'Refuses the call with CONFLICT when the catalogue has a newer version than this.')
  @InRange(0, MAX_INT)
  readonly ifCatalogueVersion?: number | null;
}

@InputType({ description: 'The semantic ID that an item gets.' })
export class SemanticIdAssignment {
  @Field(() => ItemRef, 'The item.')
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => [Int], 'One code for each codebook level, and perhaps a collision token; else the server chooses.')
  @CodeList(1)
  readonly codes!: number[];
}

@InputType({ description: 'Which items get other semantic IDs; exactly one of the selectors is given.' })
export class ReassignSemanticIdsInput extends PlannedReassignmentInput {
  @Nullable(() => [SemanticIdAssignment], 'Gives these codes to 1–1,000 items.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly assignments?: SemanticIdAssignment[] | null;

  @Nullable(() => [ItemRef], 'Encodes these 1–1,000 items again.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items?: ItemRef[] | null;

  @Nullable(() => [Int], 'Encodes all items under this prefix again.')
  @CodeList(1)
  readonly prefix?: number[] | null;

  @Nullable(() => Boolean, 'Encodes every item again.')
  readonly all?: boolean | null;
}

@InputType({ description: 'The reassignment to take back.' })
export class UndoReassignmentInput extends PlannedReassignmentInput {
  @Field(() => Int, 'The catalogue version that the reassignment made.')
  @InRange(1, MAX_INT)
  readonly catalogueVersion!: number;
}
