import { Field, InputType, Int } from 'type-graphql';

import { InRange } from '../common/bounds';

@InputType({ description: 'Which reassignment is taken back.' })
export class UndoReassignmentInput {
  @Field(() => Int, { description: 'The catalogue version that it made.' })
  @InRange(1, 2 ** 31 - 1)
  readonly catalogueVersion!: number;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether only to say what would change and what would collide.',
  })
  readonly dryRun?: boolean | null;
}
