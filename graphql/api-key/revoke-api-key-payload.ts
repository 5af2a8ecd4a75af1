import { Field, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';

@ObjectType({ description: 'The answer of `revokeApiKey`.', simpleResolvers: true })
export class RevokeApiKeyPayload extends MutationPayload {
  @Field(() => Boolean, { description: 'Whether the key was valid until now.' })
  readonly revoked!: boolean;
}
