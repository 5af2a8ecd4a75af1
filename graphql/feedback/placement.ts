import { Field, ObjectType } from 'type-graphql';

import { PlacementFigures } from './placement-figures';

@ObjectType({ description: 'A place where lists are shown, such as the top of the home page.', simpleResolvers: true })
export class Placement {
  @Field(() => String, { description: 'As requests for lists name it.' })
  readonly name!: string;

  @Field(() => [PlacementFigures], {
    description: 'What became of its lists, for each model version that made some, the newest first.',
  })
  readonly figures!: readonly PlacementFigures[];
}
