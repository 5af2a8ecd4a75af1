import { Field, ID, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/types';

@ObjectType({ description: 'The answer of `createApiKey`.', simpleResolvers: true })
export class CreateApiKeyPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The global ID of the key; `revokeApiKey` takes it.' })
  readonly apiKeyId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key itself. It is shown only here and cannot be read again.',
  })
  readonly secret!: string | null;
}

@ObjectType({ description: 'The answer of `revokeApiKey`.', simpleResolvers: true })
export class RevokeApiKeyPayload extends MutationPayload {
  @Field(() => Boolean, { description: 'Whether the key was valid until now.' })
  readonly revoked!: boolean;
}
