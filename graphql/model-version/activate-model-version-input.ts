import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'Which model version is to answer.' })
export class ActivateModelVersionInput {
  @Field(() => ID, { description: "The version's global ID." })
  @TextLength(1, 200)
  readonly modelVersionId!: string;
}
