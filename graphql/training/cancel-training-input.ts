import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'Which training to stop.' })
export class CancelTrainingInput {
  @Field(() => ID, { description: "The job's global ID." })
  @TextLength(1, 200)
  readonly jobId!: string;
}
