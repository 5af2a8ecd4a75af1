/** What must be known of a GraphQL document before it is sent. */
import { Kind, type OperationDefinitionNode, type OperationTypeNode, parse, type TypeNode } from 'graphql';

export interface ChosenOperation {
  /** Null: it has none. */
  readonly name: string | null;
  readonly type: `${OperationTypeNode}`;
}

/**
 * @param cursor - Of several operations the one around it is chosen, else the first.
 * @returns Null for a document that cannot be read: the server says why.
 */
export function chosenOperation(document: string, cursor = 0): ChosenOperation | null {
  const operations = operationsOf(document);
  const around = operations.find(({ loc }) => loc !== undefined && loc.start <= cursor && cursor <= loc.end);
  const operation = around ?? operations[0];
  if (operation === undefined) return null;
  return { name: operation.name?.value ?? null, type: operation.operation };
}

/** @returns JSON with one entry for each variable that must be given; empty when there is none. */
export function emptyVariables(document: string): string {
  const [operation] = operationsOf(document);
  const needed = (operation?.variableDefinitions ?? []).filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  if (needed.length === 0) return '';
  const entries = needed.map(({ variable, type }) => [variable.name.value, emptyOf(type)]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

function operationsOf(document: string): OperationDefinitionNode[] {
  try {
    return parse(document).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

function emptyOf(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return emptyOf(type.type);
  if (type.kind === Kind.LIST_TYPE) return [];
  const name = type.name.value;
  if (name === 'ID' || name === 'String') return '';
  return name.endsWith('Input') ? {} : null;
}

/** @returns The variables, or why they cannot be read. */
export function readVariables(text: string): { variables: Record<string, unknown> } | { error: string } {
  if (text.trim() === '') return { variables: {} };
  try {
    const variables = JSON.parse(text) as unknown;
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
      return { variables: variables as Record<string, unknown> };
    }
    return { error: 'The variables must be a JSON object, such as {"first": 3}.' };
  } catch (error) {
    return { error: `The variables are not JSON: ${(error as Error).message}` };
  }
}
