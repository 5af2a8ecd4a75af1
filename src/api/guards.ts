/** The limits that an operation must keep before it runs: depth, size, the types of its variables, cost. */
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  type OperationDefinitionNode,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';

import type { Limits } from '../config';
import { type PublicCode, PublicError } from '../errors';
import { inputErrors } from './input-texts';
import { KnownCosts } from './known-costs';
import { measureQuery } from './query-shape';
import { variableFault } from './variable-shape';

export interface GuardedRequest {
  /** A valid one. */
  readonly document: DocumentNode;
  /** The one of the document that the request names. */
  readonly operation: OperationDefinitionNode;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

export interface Guards {
  /** @returns Why the operation is refused; empty when it may run. */
  check(request: GuardedRequest): readonly GraphQLError[];
}

/** A subscription is executed again for each event. Those of the console have a tenth of it. */
const MAX_EVENT_COST = 100;

export function createGuards(schema: GraphQLSchema, limits: Limits): Guards {
  const costs = new KnownCosts();
  return {
    check(request) {
      const { document, operation } = request;
      const variables = request.variables ?? {};
      const tooLarge = checkShape(document, operation, limits);
      if (tooLarge.length > 0) return tooLarge;
      const fault = variableFault(variables, limits.maxListLength);
      if (fault !== null) return [refusal('BAD_USER_INPUT', `variables: ${fault}`)];
      const wrongVariables = checkVariables(schema, operation, variables);
      if (wrongVariables.length > 0) return wrongVariables;
      const cost = costs.of(operation, variables, () => costOf(schema, request, limits));
      return cost === Infinity ? [tooManyNodes(limits)] : checkCost(cost, operation, limits);
    },
  };
}

function checkShape(document: DocumentNode, operation: OperationDefinitionNode, limits: Limits): GraphQLError[] {
  const { depth, fields, aliases } = measureQuery(document, operation);
  const { maxDepth, maxFields, maxAliases } = limits;
  if (depth > maxDepth)
    return [
      refusal(
        'QUERY_TOO_DEEP',
        `depth: expected at most ${maxDepth} levels, got ${depth}; ask for the inner fields in an operation of their own`,
      ),
    ];
  if (fields > maxFields)
    return [
      refusal('QUERY_TOO_LARGE', `fields: expected at most ${maxFields}, got ${fields}; make several operations of it`),
    ];
  if (aliases > maxAliases) {
    return [
      refusal(
        'QUERY_TOO_LARGE',
        `aliases: expected at most ${maxAliases}, got ${aliases}; make several operations of it`,
      ),
    ];
  }
  return [];
}

function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const names = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const wrong = inputErrors(Object.fromEntries(names.map((name) => [name, variables[name]])));
  if (wrong.length > 0) return wrong;
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 10 });
  return errors.map(({ message }) => refusal('BAD_USER_INPUT', message));
}

/** @returns Infinity when the fragments, which are no fields, are too many to add the costs up. */
function costOf(schema: GraphQLSchema, request: GuardedRequest, { maxFields }: Limits): number {
  try {
    return getComplexity({
      schema,
      query: request.document,
      variables: { ...request.variables },
      operationName: request.operation.name?.value,
      estimators: [ofSchema, withDefaults(fieldExtensionsEstimator()), withDefaults(byRows)],
      maxQueryNodes: NODES_PER_FIELD * maxFields,
    });
  } catch (error) {
    if (error instanceof GraphQLError && error.message === TOO_MANY_NODES) return Infinity;
    throw error;
  }
}

/** Fields and fragments together may be so many for each field that an operation may have. */
const NODES_PER_FIELD = 2;
/** As graphql-query-complexity words it. */
const TOO_MANY_NODES = 'Query exceeds the maximum allowed number of nodes.';

function tooManyNodes({ maxFields }: Limits): GraphQLError {
  const expected = `expected fewer than ${NODES_PER_FIELD * maxFields} fields and fragments together`;
  return refusal('QUERY_TOO_LARGE', `fragments: ${expected}, got more; use fewer fragments`);
}

function checkCost(cost: number, { operation }: OperationDefinitionNode, { maxCost }: Limits): GraphQLError[] {
  const isSubscription = operation === 'subscription';
  const max = isSubscription ? Math.min(MAX_EVENT_COST, maxCost) : maxCost;
  if (cost <= max) return [];
  const advice = isSubscription ? ' for an event; ask for the rest in queries' : '; ask for fewer rows';
  return [refusal('QUERY_TOO_COSTLY', `cost: expected at most ${max}, got ${Math.round(cost)}${advice}`)];
}

/** Reading the whole schema takes as long as reading this many rows. */
const SCHEMA_COST = 2_000;
const ofSchema: ComplexityEstimator = ({ field: { name } }) =>
  ['__schema', '__type'].includes(name) ? SCHEMA_COST : undefined;

/** Resolvers take the default of an argument also for an explicit null. */
const withDefaults =
  (estimate: ComplexityEstimator): ComplexityEstimator =>
  (options) => {
    const nulls = options.field.args.filter(({ name }) => options.args[name] === null);
    const defaults = Object.fromEntries(nulls.map(({ name, defaultValue }) => [name, defaultValue]));
    return estimate({ ...options, args: { ...options.args, ...defaults } });
  };

/** A row costs 1 plus the fields that are asked of it, times the rows that there may be. A plain value costs nothing. */
const byRows: ComplexityEstimator = ({ args, field, childComplexity }) => {
  if (isLeafType(getNamedType(field.type))) return 0;
  const rows = rowsOf(args);
  return isListType(getNullableType(field.type)) ? rows * (1 + childComplexity) : 1 + rows * childComplexity;
};

/** The number of rows that the arguments ask for. At least 1, so that `first: -1000` does not lower a cost. */
function rowsOf({ first, ids, input }: { first?: unknown; ids?: unknown; input?: unknown }): number {
  if (typeof first === 'number') return Math.max(1, first);
  if (Array.isArray(ids)) return Math.max(1, ids.length);
  const lists = Object.values(typeof input === 'object' && input !== null ? input : {}).filter(Array.isArray);
  return Math.max(1, ...lists.map(({ length }) => length));
}

function refusal(code: PublicCode, message: string): PublicError {
  return new PublicError(code, message, 400);
}
