/** The size of an operation, with its fragments written out. Each fragment is measured once. */
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';

export interface QueryShape {
  /** The longest chain of fields within fields. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const EMPTY: QueryShape = { depth: 0, fields: 0, aliases: 0 };

/**
 * Measures an operation. Fields below `__schema` and `__type` add no depth; graphql-js has its own limit for them.
 *
 * @param document - A valid one: no fragment contains itself.
 */
export function measureQuery(document: DocumentNode, operation: OperationDefinitionNode): QueryShape {
  const fragments = new Map(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  // Else n fragments that each spread the next one twice would take 2ⁿ visits.
  const measured = new Map<string, QueryShape>();

  function ofFragment(name: string): QueryShape {
    const known = measured.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    const shape = fragment ? ofSelections(fragment.selectionSet) : EMPTY;
    measured.set(name, shape);
    return shape;
  }

  function ofSelections({ selections }: SelectionSetNode): QueryShape {
    return selections.map(ofSelection).reduce(side, EMPTY);
  }

  function ofSelection(selection: SelectionSetNode['selections'][number]): QueryShape {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelections(selection.selectionSet);
    const below = selection.selectionSet ? ofSelections(selection.selectionSet) : EMPTY;
    const isIntrospection = selection.name.value.startsWith('__');
    return {
      depth: 1 + (isIntrospection ? 0 : below.depth),
      fields: 1 + below.fields,
      aliases: (selection.alias ? 1 : 0) + below.aliases,
    };
  }

  return ofSelections(operation.selectionSet);
}

function side(a: QueryShape, b: QueryShape): QueryShape {
  return { depth: Math.max(a.depth, b.depth), fields: a.fields + b.fields, aliases: a.aliases + b.aliases };
}
