import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context';
import { CodeStep } from '../types/code-step';
import { SemanticIdPrefix } from '../types/semantic-id-prefix';
import { prefixOf } from './prefix-of';

@Resolver(() => CodeStep)
export class CodeStepResolver {
  @FieldResolver(() => SemanticIdPrefix, { description: 'Where in the trie this step leads.' })
  prefix(@Root() step: { readonly codes: readonly number[] }, @Ctx() context: Context) {
    return prefixOf(step.codes, context);
  }
}
