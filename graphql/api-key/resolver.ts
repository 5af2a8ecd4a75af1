import { Arg, Args, Authorized, Ctx, Resolver } from 'type-graphql';

import { type PageInput, PageOf20, toConnection } from '../common/connection';
import { Mutation, Nullable, Query } from '../common/field';
import { readRow } from '../common/global-id';
import type { Context } from '../context';
import { User } from '../user/types';
import { CreateApiKeyInput, RevokeApiKeyInput } from './inputs';
import { ApiKey, ApiKeyConnection, CreateApiKeyPayload, RevokeApiKeyPayload, Viewer } from './types';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Query(() => Viewer, 'Who asks.', { nullable: false })
  viewer(@Ctx() { role }: Context): Pick<Viewer, 'role'> {
    return { role: role === 'ANONYMOUS' || role === 'STOREFRONT' ? null : role };
  }

  @Authorized('ADMIN')
  @Query(() => ApiKeyConnection, 'All API keys, also those that have ended, newest first.')
  async apiKeys(@Args(() => PageOf20) page: PageInput, @Ctx() { apiKeys }: Context) {
    return toConnection(await apiKeys.keys(page.toPage()));
  }

  @Authorized('ADMIN')
  @Mutation(() => CreateApiKeyPayload, 'Makes an API key.')
  async createApiKey(@Arg('input') input: CreateApiKeyInput, @Ctx() { apiKeys }: Context) {
    const { apiKey, secret, userErrors } = await apiKeys.create(input.name, input.role, input.expiresAt);
    return { apiKey, secret: apiKey && secret, userErrors };
  }

  @Authorized('ADMIN')
  @Mutation(() => RevokeApiKeyPayload, 'Revokes an API key. It is invalid at once, and its open sockets are closed.')
  async revokeApiKey(@Arg('input') { apiKeyId }: RevokeApiKeyInput, @Ctx() { apiKeys }: Context) {
    const { row, userErrors } = readRow('ApiKey', apiKeyId, 'apiKeyId');
    return row === null ? { apiKey: null, userErrors } : apiKeys.revoke(row);
  }
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Nullable(() => User, 'The user of the storefront token; null before that user’s first event, and for other callers.')
  user(@Ctx() { caller, catalogue }: Context) {
    return caller.userExternalId === null ? null : catalogue.user(caller.userExternalId);
  }
}
