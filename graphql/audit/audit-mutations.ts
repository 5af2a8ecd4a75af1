/** Writes an audit entry for each mutation. It wraps all of them, so that nobody can forget a new mutation. */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import type { Caller } from '../api-key/records';
import type { Context } from '../context';
import { shortInput } from './short-input';
import { storefrontName } from './storefront-name';

/** Changes the mutations of the schema: each leaves an entry. */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = audited(field.resolve ?? defaultFieldResolver);
  }
}

function audited(resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  return async (root, args, context, info) => {
    const { caller, audit } = context;
    const run = async () => resolve(root, args, context, info) as unknown;
    // Callers without a key change nothing, and their refusals would fill the log.
    if (caller.key === null && caller.userExternalId === null) return run();
    const input = shortInput(args.input);
    const apiKeyId = caller.key?.id ?? null;
    const entry = { role: caller.role, caller: nameOf(caller), apiKeyId, mutation: info.fieldName, input };
    return audit.enter(entry, run);
  };
}

function nameOf({ key, userExternalId }: Caller): string {
  return key?.name ?? storefrontName(userExternalId ?? '');
}
