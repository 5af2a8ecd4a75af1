import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import type { Context } from '../context';
import { prefixOf } from '../semantic-id/prefix-of';
import { SemanticIdPrefix } from '../semantic-id/semantic-id-prefix';
import { CodeStep } from './code-step';

@Resolver(() => CodeStep)
export class CodeStepResolver {
  @FieldResolver(() => SemanticIdPrefix, { description: 'Where in the trie this step leads.' })
  prefix(@Root() step: { readonly codes: readonly number[] }, @Ctx() context: Context) {
    return prefixOf(step.codes, context);
  }
}
