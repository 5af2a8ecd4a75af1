import { Field, InputType } from 'type-graphql';

import { PlacementName } from './placement-name';

@InputType({ description: 'Which placement to remove.' })
export class RemovePlacementInput {
  @Field(() => String, { description: 'Its name.' })
  @PlacementName()
  readonly name!: string;
}
