import { ValidateNested } from 'class-validator';
import { ArgsType, Field, InputType, Int } from 'type-graphql';

import { CodeList, InRange, ListLength } from '../common/bounds';
import { MAX_BATCH, MAX_INT } from '../common/limits';
import { ItemRef } from '../item/inputs';

@ArgsType()
export class PrefixInput {
  @Field(() => [Int], {
    nullable: true,
    defaultValue: [],
    description: 'The codes of the prefix, coarse to fine; an empty list is the root.',
  })
  @CodeList(0)
  readonly codes?: number[] | null;
}

@ArgsType()
export class ChangesInput {
  @Field(() => Int, { nullable: true, description: 'The number of changes to answer with; absent: all.' })
  @InRange(1, MAX_INT)
  readonly first?: number | null;
}

/** The fields that every reassignment asks for. It is not a type of the schema. */
@InputType()
export abstract class PlannedReassignmentInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the call changes nothing and only answers what would change and what would collide.',
  })
  readonly dryRun?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuses the call with CONFLICT when the catalogue has a newer version than this.',
  })
  @InRange(0, MAX_INT)
  readonly ifCatalogueVersion?: number | null;
}

@InputType({ description: 'The semantic ID that an item gets.' })
export class SemanticIdAssignment {
  @Field(() => ItemRef, { description: 'The item.' })
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => [Int], {
    description:
      'One code for each codebook level. A collision token may follow; when it is absent, the server chooses one.',
  })
  @CodeList(1)
  readonly codes!: number[];
}

@InputType({
  description:
    'Which items get other semantic IDs. Exactly one of `assignments`, `items`, `prefix` and `all` must be given.',
})
export class ReassignSemanticIdsInput extends PlannedReassignmentInput {
  @Field(() => [SemanticIdAssignment], { nullable: true, description: 'Gives these codes to 1–1,000 items.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly assignments?: SemanticIdAssignment[] | null;

  @Field(() => [ItemRef], { nullable: true, description: 'Encodes these 1–1,000 items again.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items?: ItemRef[] | null;

  @Field(() => [Int], { nullable: true, description: 'Encodes all items under this prefix again.' })
  @CodeList(1)
  readonly prefix?: number[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Encodes every item again.' })
  readonly all?: boolean | null;
}

@InputType({ description: 'The reassignment to take back.' })
export class UndoReassignmentInput extends PlannedReassignmentInput {
  @Field(() => Int, { description: 'The catalogue version that the reassignment made.' })
  @InRange(1, MAX_INT)
  readonly catalogueVersion!: number;
}
