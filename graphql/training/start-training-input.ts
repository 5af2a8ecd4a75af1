import { Field, InputType, Int } from 'type-graphql';

import { TextLength } from '../common/bounds';

@InputType({ description: 'What to train.' })
export class StartTrainingInput {
  @Field(() => String, { description: 'A named configuration: `paper`, `base`, `demo` or `tiny`.' })
  @TextLength(1, 100)
  readonly preset!: string;

  @Field(() => Int, { nullable: true, description: 'The same seed, data and device give the same model.' })
  readonly seed?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Whether to keep the active version's codebooks, and with them all semantic IDs.",
  })
  readonly reuseTokenizer?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether the version goes live by itself when it is better than the active one.',
  })
  readonly activateWhenBetter?: boolean | null;
}
