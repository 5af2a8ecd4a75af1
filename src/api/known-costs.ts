/**
 * Remembers the costs of operations. Clients send the same few again and again, and computing a cost takes as long as running a small
 * operation.
 */
import { Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';

/** The costs kept for one operation: a client that sends ever new variables must not fill the memory. */
const MAX_COSTS = 100;
const MAX_KEY_LENGTH = 1_000;

/** The value of a text does not change a cost. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['String', 'ID']);

export class KnownCosts {
  /** Costs by the variables that they may depend on. The same text gives the same operation node: see operation-documents.ts. */
  private readonly known = new WeakMap<OperationDefinitionNode, Map<string, number>>();

  /** @param compute - Called when the cost of the operation with these variables is not known yet. */
  of(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>, compute: () => number): number {
    const key = keyOf(operation, variables);
    const costs = this.known.get(operation) ?? new Map<string, number>();
    const cost = costs.get(key) ?? compute();
    if (costs.size < MAX_COSTS && key.length <= MAX_KEY_LENGTH) costs.set(key, cost);
    this.known.set(operation, costs);
    return cost;
  }
}

function keyOf(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): string {
  const names = (operation.variableDefinitions ?? [])
    .filter(({ type }) => !isText(type))
    .map(({ variable }) => variable.name.value);
  // An absent variable has its default, a null one has not. JSON keeps them apart: it leaves out what is undefined.
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, variables[name]])));
}

function isText(type: TypeNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return inner.kind === Kind.NAMED_TYPE && TEXT_TYPES.has(inner.name.value);
}
