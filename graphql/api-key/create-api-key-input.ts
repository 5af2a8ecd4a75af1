import { Field, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import type * as records from './records';
import { Role } from './role';

@InputType({ description: 'A key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'Who or what it is for.' })
  @TextLength(1, 100)
  readonly name!: string;

  @Field(() => Role, { description: 'What its holder may do.' })
  readonly role!: records.Role;
}
