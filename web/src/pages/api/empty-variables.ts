import { Kind, parse, type TypeNode } from 'graphql';

/** @returns One entry for each variable that a document needs; null when it needs none. */
export function emptyVariables(document: string): Record<string, unknown> | null {
  const operation = parse(document).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const needed = (operation?.variableDefinitions ?? []).filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  if (needed.length === 0) return null;
  return Object.fromEntries(needed.map(({ variable, type }) => [variable.name.value, emptyOf(type)]));
}

function emptyOf(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return emptyOf(type.type);
  if (type.kind === Kind.LIST_TYPE) return [];
  const name = type.name.value;
  if (name === 'ID' || name === 'String') return '';
  return name.endsWith('Input') ? {} : null;
}
