import { ArgsType, Field } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';
import { SubjectInput } from '../recommendation/inputs';

@ArgsType()
export class WhyNotInput extends SubjectInput {
  @Field(() => String, { description: 'The external ID of the item that the list does not have.' })
  @TextLength(1, MAX_ID)
  override readonly item!: string;
}
