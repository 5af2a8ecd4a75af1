/** Remembers what operations cost: clients send the same few again and again, and to add a cost up takes as long as to run some. */
import { Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';

/** Of one operation; a client that counts through all numbers gains nothing by it. */
const MAX_COSTS = 100;
const MAX_KEY_LENGTH = 1_000;

/** A text costs nothing, whatever it says. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['String', 'ID']);

export class KnownCosts {
  /** By the variables that a cost may depend on. An operation that came as the same text before is the same node. */
  private readonly known = new WeakMap<OperationDefinitionNode, Map<string, number>>();

  /** @param compute - Is called unless the cost of the operation with these variables is known. */
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
  // An absent variable has its default, which null has not: JSON leaves the former out of an object.
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, variables[name]])));
}

function isText(type: TypeNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return inner.kind === Kind.NAMED_TYPE && TEXT_TYPES.has(inner.name.value);
}
