/**
 * Refuses subscriptions whose field may be left out, as the GraphQL specification does: without a field there is nothing to wait for.
 * graphql-js throws at them, when it validates a condition with a variable, and when it executes others.
 */
import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';

import { asPublicError } from '../errors';

const CONDITIONS: readonly string[] = ['skip', 'include'];

/** @param document - It need not be valid. @returns The error; null when there is no such subscription. */
export function conditionalSubscription({ definitions }: DocumentNode): GraphQLError | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  const seen = new Set<SelectionSetNode>();
  const isConditional = (selections: SelectionSetNode | undefined): boolean => {
    if (selections === undefined || seen.has(selections)) return false;
    seen.add(selections);
    return selections.selections.some((selection) => {
      if (selection.directives?.some(({ name }) => CONDITIONS.includes(name.value))) return true;
      if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet);
      return (
        selection.kind === Kind.FRAGMENT_SPREAD && isConditional(fragments.get(selection.name.value)?.selectionSet)
      );
    });
  };
  const wrong = definitions.find(
    (each) =>
      each.kind === Kind.OPERATION_DEFINITION && each.operation === 'subscription' && isConditional(each.selectionSet),
  );
  if (wrong === undefined) return null;
  const message =
    'subscription: expected a field without @skip and @include, got one with them; put them on inner fields';
  return asPublicError(new GraphQLError(message, { nodes: wrong }), 'GRAPHQL_VALIDATION_FAILED');
}
