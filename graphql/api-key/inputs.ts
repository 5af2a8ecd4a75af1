import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID, MAX_LABEL } from '../common/limits';
import type * as records from './records';
import { Role } from './types';

@InputType({ description: 'The API key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'Says who or what uses the key.' })
  @TextLength(1, MAX_LABEL)
  readonly name!: string;

  @Field(() => Role, { description: 'What the holder of the key may do.' })
  readonly role!: records.Role;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the key ends by itself; absent: never.' })
  readonly expiresAt?: Date | null;
}

@InputType({ description: 'The API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The global ID of the key.' })
  @TextLength(1, MAX_ID)
  readonly apiKeyId!: string;
}
