import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';

import { FirstInput } from '../common/first-input';
import type { Context } from '../context';
import { CollisionReport } from './collision-report';
import { SemanticIdPrefix } from './semantic-id-prefix';

@Resolver(() => CollisionReport)
export class CollisionReportResolver {
  @FieldResolver(() => [SemanticIdPrefix], { description: 'The prefixes under which most items collide.' })
  largestGroups(@Args(() => FirstInput) { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.largestCollisionGroups(first ?? 10);
  }
}
