import { Args, FieldResolver, Int, Resolver, Root } from 'type-graphql';

import { ChangesInput } from './changes-input';
import { ReassignmentPayload } from './reassignment-payload';
import type { ReassignmentRecord } from './records';
import { SemanticIdChange } from './semantic-id-change';

@Resolver(() => ReassignmentPayload)
export class ReassignmentPayloadResolver {
  @FieldResolver(() => [SemanticIdChange], { description: 'What changed or, in a dry run, would change.' })
  changes(@Root() { changes }: ReassignmentRecord, @Args(() => ChangesInput) { first }: ChangesInput) {
    return changes.slice(0, first ?? changes.length);
  }

  @FieldResolver(() => Int, { description: 'The number of all changes.' })
  changeCount(@Root() { changes }: ReassignmentRecord) {
    return changes.length;
  }
}
