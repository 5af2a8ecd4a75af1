import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';

import { toGlobalId } from '../common/global-id';
import { readRow } from '../common/read-rows';
import type { Context } from '../context';
import { CreateApiKeyInput } from './create-api-key-input';
import { CreateApiKeyPayload } from './create-api-key-payload';
import { RevokeApiKeyInput } from './revoke-api-key-input';
import { RevokeApiKeyPayload } from './revoke-api-key-payload';
import { Viewer } from './viewer';

@Resolver()
export class ApiKeyResolver {
  @Query(() => Viewer, { description: 'Who asks.' })
  viewer(@Ctx() { role }: Context): Viewer {
    return { role };
  }

  @Authorized('ADMIN')
  @Mutation(() => CreateApiKeyPayload, { nullable: true, description: 'Makes an API key.' })
  async createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() { apiKeys }: Context) {
    const { id, secret, userErrors } = await apiKeys.create(input.name, input.role);
    if (userErrors.length > 0) return { apiKeyId: null, secret: null, userErrors };
    return { apiKeyId: toGlobalId('ApiKey', id), secret, userErrors };
  }

  @Authorized('ADMIN')
  @Mutation(() => RevokeApiKeyPayload, { nullable: true, description: 'Revokes an API key. It is invalid at once.' })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput) { apiKeyId }: RevokeApiKeyInput,
    @Ctx() { apiKeys }: Context,
  ) {
    const { row, userErrors } = readRow('ApiKey', apiKeyId, 'apiKeyId');
    return row === null ? { revoked: false, userErrors } : apiKeys.revoke(row);
  }
}
