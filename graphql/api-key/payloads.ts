import { ObjectType } from 'type-graphql';

import { Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { ApiKeyRecord } from './records';
import { ApiKey } from './types';

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
