import { GraphQLDateTime } from 'graphql-scalars';
import { ID, ObjectType } from 'type-graphql';

import type * as records from '../api-key/records';
import { CallerRole } from '../api-key/types';
import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';

export const AuditOutcome = enumOf('AuditOutcome', 'What came of a mutation.', {
  OK: 'It did what was asked.',
  FAILED: 'It was refused, or failed.',
});
export type AuditOutcome = keyof typeof AuditOutcome;

@ObjectType({ description: 'One mutation: who made it, when, and what came of it.', simpleResolvers: true })
export class AuditEntry {
  @Field(() => GraphQLDateTime, 'When the mutation had ended.')
  readonly at!: Date;

  @Field(() => CallerRole, 'What the caller might do.')
  readonly role!: records.CallerRole;

  @Field(() => String, 'The name of the API key, `storefront user ID`, `erased storefront user` or `command line`.')
  readonly caller!: string;

  @Field(() => String, 'The name of the mutation.')
  readonly mutation!: string;

  @Field(() => String, 'The input, shortened and without secrets.')
  readonly input!: string;

  @Field(() => AuditOutcome, 'What came of it.')
  readonly outcome!: AuditOutcome;

  @Nullable(() => String, 'Of one that FAILED, the code of the first error, such as `NOT_FOUND`; else null.')
  readonly errorCode!: string | null;

  @Nullable(() => ID, 'The global ID of the API key; null for a storefront token and the command line.')
  readonly apiKeyId!: unknown;
}

export const AuditEntryConnection = connectionOf(AuditEntry, 'AuditEntry');
