import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'The training job to stop.' })
export class CancelTrainingInput {
  @Field(() => ID, { description: 'The global ID of the job.' })
  @TextLength(1, 200)
  readonly jobId!: string;
}
