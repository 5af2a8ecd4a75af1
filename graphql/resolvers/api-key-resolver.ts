import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { toGlobalId } from '../global-id';
import { CreateApiKeyInput } from '../inputs/create-api-key-input';
import { RevokeApiKeyInput } from '../inputs/revoke-api-key-input';
import { CreateApiKeyPayload } from '../types/create-api-key-payload';
import { RevokeApiKeyPayload } from '../types/revoke-api-key-payload';
import { readRow } from './global-ids';

@Resolver()
export class ApiKeyResolver {
  @Authorized('ADMIN')
  @Mutation(() => CreateApiKeyPayload, { description: 'Makes an API key.' })
  async createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() { apiKeys }: Context) {
    const { id, secret, userErrors } = await apiKeys.create(input.name, input.role);
    if (userErrors.length > 0) return { apiKeyId: null, secret: null, userErrors };
    return { apiKeyId: toGlobalId('ApiKey', id), secret, userErrors };
  }

  @Authorized('ADMIN')
  @Mutation(() => RevokeApiKeyPayload, { description: 'Ends an API key at once.' })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput) { apiKeyId }: RevokeApiKeyInput,
    @Ctx() { apiKeys }: Context,
  ) {
    const { row, userErrors } = readRow('ApiKey', apiKeyId, 'apiKeyId');
    return row === null ? { revoked: false, userErrors } : apiKeys.revoke(row);
  }
}
