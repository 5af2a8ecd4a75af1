/** Writes an audit entry for each mutation. It stands around all of them, so that a new mutation cannot be forgotten. */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import type { Caller } from '../api-key/records';
import type { Context } from '../context';
import { shortInput } from './short-input';

/** Changes the mutations of the schema: each answers when its entry is stored. */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = audited(field.resolve ?? defaultFieldResolver);
  }
}

function audited(resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  return async (root, args, context, info) => {
    const record = (outcome: string) => recordOutcome(context, info.fieldName, args, outcome);
    try {
      const payload: unknown = await resolve(root, args, context, info);
      await record(outcomeOf(payload));
      return payload;
    } catch (error) {
      await record(codeOf(error));
      throw error;
    }
  };
}

/** Callers without a key change nothing, and their refusals would fill the log. */
async function recordOutcome(
  { caller, audit }: Context,
  mutation: string,
  args: { readonly [name: string]: unknown },
  outcome: string,
): Promise<void> {
  if (caller.key === null && caller.userExternalId === null) return;
  const input = shortInput(args.input);
  const apiKeyId = caller.key?.id ?? null;
  await audit.record({ role: caller.role, caller: nameOf(caller), apiKeyId, mutation, input, outcome });
}

function nameOf({ key, userExternalId }: Caller): string {
  return key?.name ?? `storefront user ${userExternalId}`;
}

function outcomeOf(payload: unknown): string {
  const { userErrors = [] } = payload as { readonly userErrors?: readonly { readonly code: string }[] };
  return userErrors[0]?.code ?? 'OK';
}

function codeOf(error: unknown): string {
  const { extensions } = error as { readonly extensions?: { readonly code?: unknown } };
  return String(extensions?.code ?? 'INTERNAL_SERVER_ERROR');
}
