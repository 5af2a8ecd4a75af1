import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'The model version to activate.' })
export class ActivateModelVersionInput {
  @Field(() => ID, { description: 'The global ID of the version.' })
  @TextLength(1, 200)
  readonly modelVersionId!: string;
}
