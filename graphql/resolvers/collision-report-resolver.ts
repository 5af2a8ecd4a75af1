import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { FirstInput } from '../inputs/first-input';
import { CollisionReport } from '../types/collision-report';
import { SemanticIdPrefix } from '../types/semantic-id-prefix';

@Resolver(() => CollisionReport)
export class CollisionReportResolver {
  @FieldResolver(() => [SemanticIdPrefix], { description: 'The prefixes under which most items collide.' })
  largestGroups(@Args(() => FirstInput) { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.largestCollisionGroups(first ?? 10);
  }
}
