import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';

@InputType({ description: 'The API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The global ID of the key.' })
  @TextLength(1, MAX_ID)
  readonly apiKeyId!: string;
}
