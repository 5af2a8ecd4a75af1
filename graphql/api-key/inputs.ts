import { GraphQLDateTime } from 'graphql-scalars';
import { ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { Field, Nullable } from '../common/field';
import { MAX_ID, MAX_LABEL } from '../common/limits';
import { Role } from './types';

@InputType({ description: 'The API key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, 'Says who or what uses the key.')
  @TextLength(1, MAX_LABEL)
  readonly name!: string;

  @Field(() => Role, 'What the holder of the key may do.')
  readonly role!: Role;

  @Nullable(() => GraphQLDateTime, 'When the key ends by itself; absent: never.')
  readonly expiresAt?: Date | null;
}

@InputType({ description: 'The API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, 'The global ID of the key.')
  @TextLength(1, MAX_ID)
  readonly apiKeyId!: string;
}
