import { GraphQLDateTime } from 'graphql-scalars';
import { ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';
import type * as records from './records';

export const Role = enumOf<records.Role>('Role', 'What the holder of an API key may do.', {
  READER: 'May read.',
  WRITER: 'May read and record interactions.',
  ADMIN: 'May do everything.',
});

export const CallerRole = enumOf<records.CallerRole>('CallerRole', 'What a caller may do.', {
  ANONYMOUS: 'A caller without a key.',
  STOREFRONT: 'The holder of a storefront token.',
  READER: 'May read.',
  WRITER: 'May read and record interactions.',
  ADMIN: 'May do everything.',
});

@ObjectType({ description: 'An API key, without its secret.', simpleResolvers: true })
export class ApiKey {
  @Field(() => ID, 'Global ID; `revokeApiKey` takes it.')
  readonly id!: unknown;

  @Field(() => String, 'Says who or what uses the key.')
  readonly name!: string;

  @Field(() => String, 'The first characters of the secret; empty for keys made before they were stored.')
  readonly prefix!: string;

  @Field(() => Role, 'What the holder of the key may do.')
  readonly role!: records.Role;

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
  readonly role!: records.Role | null;
}
