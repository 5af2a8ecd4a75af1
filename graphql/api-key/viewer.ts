import { Field, ObjectType } from 'type-graphql';

import type * as records from './records';
import { Role } from './role';

@ObjectType({ description: 'Who asks: the holder of the key that came with the operation, or a visitor without one.' })
export class Viewer {
  @Field(() => Role, {
    nullable: true,
    description: 'What they may do; null for visitors and for holders of a storefront token.',
  })
  readonly role!: records.Role | null;
}
