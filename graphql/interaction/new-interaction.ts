import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { InteractionKind } from './interaction-kind';
import type * as records from './records';

@InputType({ description: 'Something that a user did with an item.' })
export class NewInteraction {
  @Field(() => String, {
    nullable: true,
    description: "The caller's own key for the event: sent twice, it is recorded once.",
  })
  @TextLength(1, 200)
  readonly eventId?: string | null;

  @Field(() => String, { description: "The shop's own key for the user, who is created on first sight." })
  @TextLength(1, 200)
  readonly userExternalId!: string;

  @Field(() => String, { description: "The shop's own key for the item, which must exist." })
  @TextLength(1, 200)
  readonly itemExternalId!: string;

  @Field(() => InteractionKind, { nullable: true, defaultValue: InteractionKind.PURCHASE, description: 'What it was.' })
  readonly kind?: records.InteractionKind | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When; absent: now.' })
  readonly occurredAt?: Date | null;
}
