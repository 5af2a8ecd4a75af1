import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'Which key to end.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "The key's global ID." })
  @TextLength(1, 200)
  readonly apiKeyId!: string;
}
