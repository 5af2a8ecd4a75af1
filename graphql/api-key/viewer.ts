import { Field, ObjectType } from 'type-graphql';

import type * as records from './records';
import { Role } from './role';

@ObjectType({ description: 'Who asks: the holder of the key that came with the operation, or a visitor without one.' })
export class Viewer {
  @Field(() => Role, { description: 'What they may do.' })
  readonly role!: records.Role;
}
