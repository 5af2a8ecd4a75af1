/** Which fields an operation asks for: what takes long is worked out only then. */
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** @returns Whether the operation asks for the field in what the resolver answers with, in a fragment or not. */
export function asksFor(
  field: string,
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
): boolean {
  const isIn = ({ selections }: SelectionSetNode): boolean =>
    selections.some((node) => {
      if (node.kind === Kind.FIELD) return node.name.value === field;
      return isIn(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments[node.name.value].selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => selectionSet !== undefined && isIn(selectionSet));
}
