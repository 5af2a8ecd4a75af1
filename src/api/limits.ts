/** The limits that an operation must keep before it runs, the same over both protocols. */
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isLeafType,
  isListType,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';

import type { Limits } from '../config';
import { type PublicCode, PublicError } from '../errors';

interface CheckedOperation {
  /** A valid one. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

const MAX_DIRECTIVES = 50;
/** One unknown directive a thousand times must not make a thousand errors. */
export const MAX_VALIDATION_ERRORS = 5;

/** The rules that a document must keep, beside those of GraphQL. */
export function validationRules({ maxDepth, maxAliases }: Limits): ValidationRule[] {
  const refuse = (code: PublicCode, message: string) => ({
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(refusal(code, message))],
  });
  const split = 'make several operations of it';
  return [
    maxDepthRule({
      n: maxDepth,
      flattenFragments: true,
      ...refuse(
        'QUERY_TOO_DEEP',
        `depth: expected at most ${maxDepth} levels, got more; ask for the inner fields in an operation of their own`,
      ),
    }),
    maxAliasesRule({
      n: maxAliases,
      allowList: [],
      ...refuse('QUERY_TOO_LARGE', `aliases: expected at most ${maxAliases}, got more; ${split}`),
    }),
    maxDirectivesRule({
      n: MAX_DIRECTIVES,
      ...refuse('QUERY_TOO_LARGE', `directives: expected at most ${MAX_DIRECTIVES}, got more; ${split}`),
    }),
  ] as ValidationRule[];
}

/** Checks what depends on the variables: their size, and the cost of the operation. */
export class RequestLimits {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: Limits,
  ) {}

  /** @throws {PublicError} When the operation may not run. */
  check({ document, operation, variables: given }: CheckedOperation): void {
    const variables = given ?? {};
    checkSize(variables, this.limits.maxListLength);
    checkCost(computeCost(this.schema, document, operation, variables, this.limits), operation, this.limits);
  }
}

/** Attributes need far fewer levels, and recursive functions can handle far more. */
const MAX_LEVELS = 32;

/** @throws {PublicError} For a value that is nested too deep, or has a list that is too long. */
function checkSize(value: unknown, maxListLength: number, path: readonly string[] = []): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length > MAX_LEVELS) throw wrongSize(path, `${MAX_LEVELS} levels, got more; send flatter values`);
  if (Array.isArray(value) && value.length > maxListLength)
    throw wrongSize(path, `${maxListLength} entries, got ${value.length}; make several calls`);
  for (const [name, child] of Object.entries(value))
    if (typeof child === 'object') checkSize(child, maxListLength, [...path, name]);
}

/** The path of a deep value is cut, so that the answer is not as long as the request. */
function wrongSize(path: readonly string[], most: string): PublicError {
  const shown = path.slice(0, 8);
  return new PublicError(
    'BAD_USER_INPUT',
    `${shown.join('.')}: expected at most ${most}`,
    400,
    {},
    { fields: [shown] },
  );
}

function computeCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  { maxFields }: Limits,
): number {
  // graphql-js refuses variables of the wrong type when it executes, and says where they are declared.
  if (getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors) return 0;
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      operationName: operation.name?.value,
      estimators: [ofSchema, withDefaults(fieldExtensionsEstimator()), withDefaults(byRows)],
      maxQueryNodes: maxFields + 1,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.message !== TOO_MANY_NODES) throw error;
    throw refusal('QUERY_TOO_LARGE', `fields: expected at most ${maxFields}, got more; make several operations of it`);
  }
}

/** As graphql-query-complexity words it. Fragments count as fields. */
const TOO_MANY_NODES = 'Query exceeds the maximum allowed number of nodes.';

/** A subscription is executed again for each event. Those of the console have a tenth of it. */
const MAX_EVENT_COST = 100;

function checkCost(cost: number, { operation }: OperationDefinitionNode, { maxCost }: Limits): void {
  const isSubscription = operation === 'subscription';
  const max = isSubscription ? Math.min(MAX_EVENT_COST, maxCost) : maxCost;
  if (cost <= max) return;
  const advice = isSubscription ? ' for an event; ask for the rest in queries' : '; ask for fewer rows';
  throw refusal('QUERY_TOO_COSTLY', `cost: expected at most ${max}, got ${Math.round(cost)}${advice}`);
}

/** Reading the whole schema takes as long as reading this many rows. */
export const SCHEMA_COST = 2_000;
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
function rowsOf({ first, last, ids, externalIds, input }: Readonly<Record<string, unknown>>): number {
  for (const named of [ids, externalIds]) if (Array.isArray(named)) return Math.max(1, named.length);
  if (typeof last === 'number') return Math.max(1, last);
  if (typeof first === 'number') return Math.max(1, first);
  const lists = Object.values(typeof input === 'object' && input !== null ? input : {}).filter(Array.isArray);
  return Math.max(1, ...lists.map(({ length }) => length));
}

function refusal(code: PublicCode, message: string): PublicError {
  return new PublicError(code, message, 400);
}
