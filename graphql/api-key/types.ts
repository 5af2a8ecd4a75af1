import { GraphQLDateTime } from 'graphql-scalars';
import { ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload } from '../common/types';
import type { ApiKeyRecord } from './records';

export const Role = enumOf('Role', 'What the holder of an API key may do.', {
  READER: 'May read.',
  WRITER: 'May read and record interactions.',
  ADMIN: 'May do everything.',
});
export type Role = keyof typeof Role;

export const CallerRole = enumOf('CallerRole', 'What a caller may do.', {
  ANONYMOUS: 'A caller without a key.',
  STOREFRONT: 'The holder of a storefront token.',
  READER: 'May read.',
  WRITER: 'May read and record interactions.',
  ADMIN: 'May do everything.',
});
export type CallerRole = keyof typeof CallerRole;

@ObjectType({ description: 'An API key, without its secret.', simpleResolvers: true })
export class ApiKey {
  @Field(() => ID, 'Global ID; `revokeApiKey` takes it.')
  readonly id!: unknown;

  @Field(() => String, 'Says who or what uses the key.')
  readonly name!: string;

  @Field(() => String, 'The first characters of the secret; empty for keys made before they were stored.')
  readonly prefix!: string;

  @Field(() => Role, 'What the holder of the key may do.')
  readonly role!: Role;

  @Field(() => GraphQLDateTime, 'When it was made.')
  readonly createdAt!: Date;

  @Nullable(() => GraphQLDateTime, 'When it was last used; up to a minute late.')
  readonly lastUsedAt!: Date | null;

  @Nullable(() => GraphQLDateTime, 'When it ends by itself; null: never.')
  readonly expiresAt!: Date | null;

  @Nullable(() => GraphQLDateTime, 'When it was revoked; null: it was not.')
  readonly revokedAt!: Date | null;
}

export const ApiKeyConnection = connectionOf(ApiKey, 'ApiKey');

@ObjectType({ description: 'Who asks: the holder of the key that came with the operation, or a visitor without one.' })
export class Viewer {
  @Nullable(() => Role, 'What they may do; null for visitors and for holders of a storefront token.')
  readonly role!: Role | null;
}

@ObjectType({ description: 'The answer of `createApiKey`.', simpleResolvers: true })
export class CreateApiKeyPayload extends MutationPayload {
  @Nullable(() => ApiKey, 'The key, without its secret; null when the call was refused.')
  readonly apiKey!: ApiKeyRecord | null;

  @Nullable(() => String, 'The secret of the key. It is shown only here and cannot be read again.')
  readonly secret!: string | null;
}

@ObjectType({ description: 'The answer of `revokeApiKey`.', simpleResolvers: true })
export class RevokeApiKeyPayload extends MutationPayload {
  @Nullable(() => ApiKey, 'The key that was valid until now; null when the call was refused.')
  readonly apiKey!: ApiKeyRecord | null;
}
