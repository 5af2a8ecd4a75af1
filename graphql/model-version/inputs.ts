import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';

@InputType({ description: 'The model version to activate.' })
export class ActivateModelVersionInput {
  @Field(() => ID, { description: 'The global ID of the version.' })
  @TextLength(1, MAX_ID)
  readonly modelVersionId!: string;
}
