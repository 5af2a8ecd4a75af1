import { Field, InputType, Int } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_LABEL } from '../common/limits';

@InputType({ description: 'The training to start.' })
export class StartTrainingInput {
  @Field(() => String, { description: 'A preset: `paper`, `base`, `demo` or `tiny`.' })
  @TextLength(1, MAX_LABEL)
  readonly preset!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The seed of all random numbers. The same seed, data and device give the same model.',
  })
  readonly seed?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether to keep the codebooks of the active version, also when it has another preset, and with them all semantic IDs.',
  })
  readonly reuseTokenizer?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether the new version becomes active on its own unless it is clearly worse than the active one.',
  })
  readonly activateWhenBetter?: boolean | null;
}
