import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';

import { FirstInput } from '../common/first-input';
import type { Context } from '../context';
import { CollisionReport } from './collision-report';
import { SemanticIdPrefix } from './semantic-id-prefix';

@Resolver(() => CollisionReport)
export class CollisionReportResolver {
  @FieldResolver(() => [SemanticIdPrefix], {
    description: 'The prefixes with the most colliding items, the largest group first.',
  })
  largestGroups(@Args(() => FirstInput) { count }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.largestCollisionGroups(count);
  }
}
