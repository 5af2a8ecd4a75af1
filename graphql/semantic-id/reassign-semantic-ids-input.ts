import { ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import { SemanticIdAssignment } from './semantic-id-assignment';

@InputType({ description: 'Which items get other semantic IDs: exactly one of the first four is given.' })
export class ReassignSemanticIdsInput {
  @Field(() => [SemanticIdAssignment], { nullable: true, description: 'Codes given, 1–1,000 items.' })
  @ListLength(1, 1000)
  @ValidateNested({ each: true })
  readonly assignments?: SemanticIdAssignment[] | null;

  @Field(() => [ID], { nullable: true, description: 'Encode these items anew, 1–1,000 global IDs.' })
  @ListLength(1, 1000)
  @TextLength(1, 200, { each: true })
  readonly itemIds?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Encode all items under this prefix anew.' })
  @ListLength(1, 16)
  @InRange(0, 65_535, { each: true })
  readonly prefix?: number[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Encode every item anew.' })
  readonly all?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether only to say what would change and what would collide.',
  })
  readonly dryRun?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Refuse with CONFLICT when the catalogue has moved past this.' })
  @InRange(0, 2 ** 31 - 1)
  readonly ifCatalogueVersion?: number | null;
}
