import { Args, Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import { type PageInput, PageOf20, toConnection } from '../common/connection';
import { Query } from '../common/field';
import { toGlobalId } from '../common/global-id';
import type { Context } from '../context';
import type { AuditRecord } from './records';
import { AuditEntry, AuditEntryConnection } from './types';

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Authorized('ADMIN')
  @Query(() => AuditEntryConnection, 'Changes by callers with a key or a token, newest first. Old ones are deleted.')
  async auditLog(@Args(() => PageOf20) page: PageInput, @Ctx() { audit }: Context) {
    return toConnection(await audit.entries(page.toPage()));
  }

  @FieldResolver()
  outcome(@Root() { outcome }: AuditRecord) {
    return outcome === 'OK' ? 'OK' : 'FAILED';
  }

  @FieldResolver()
  errorCode(@Root() { outcome }: AuditRecord) {
    return outcome === 'OK' ? null : outcome;
  }

  @FieldResolver()
  apiKeyId(@Root() { apiKeyId }: AuditRecord) {
    return apiKeyId === null ? null : toGlobalId('ApiKey', apiKeyId);
  }
}
