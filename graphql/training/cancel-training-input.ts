import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';

@InputType({ description: 'The training job to stop.' })
export class CancelTrainingInput {
  @Field(() => ID, { description: 'The global ID of the job.' })
  @TextLength(1, MAX_ID)
  readonly jobId!: string;
}
