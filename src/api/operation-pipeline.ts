/** The way of an operation through the server, written once for GraphQL over HTTP and GraphQL over WebSocket. */
import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import type { Context } from '../../graphql/context';
import type { Limits } from '../config';
import { asPublicError, createFormatError, type FormatError, publicCodeOf, toGraphQLError } from '../errors';
import type { Logger } from '../logger';
import type { CreateContext, IsCurrent } from './context';
import { createGuards } from './guards';
import { OperationDocuments } from './operation-documents';
import type { TrustedDocuments } from './trusted-documents';

/**
 * The steps of an operation. A transport calls them in this order:
 *
 * 1. `start`: the clock runs.
 * 2. `authorise`: who asks.
 * 3. `prepare`: parses, validates and checks the limits.
 * 4. `argumentsOf`: what graphql-js then executes or subscribes to.
 * 5. `answer`: masks errors and adds the notes of the context.
 * 6. The function that `start` returned: counts and logs the operation.
 */
export interface OperationPipeline {
  start(): (report: OperationReport) => void;
  /** @throws {UnauthenticatedError} For an unknown key, and for no key where reading needs one. */
  readonly authorise: CreateContext;
  /** Asked about sockets that stay open. */
  readonly isCurrent: IsCurrent;
  prepare(request: OperationRequest): PreparedOperation;
  argumentsOf(prepared: PreparedOperation, context: Context): ExecutionArgs;
  answer(result: ExecutionResult, context: Context): FormattedExecutionResult;
  /** @returns The error as a client sees it. */
  format(error: unknown): GraphQLFormattedError;
  /** The same mask, in the form that Apollo Server wants for errors of its own. */
  readonly formatError: FormatError;
}

export interface OperationRequest {
  /** Empty when the request names its document. */
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

export interface PreparedOperation {
  readonly request: OperationRequest;
  /** Null when the text is no valid document. */
  readonly document: DocumentNode | null;
  /** Null when the document does not have the operation that the request names. */
  readonly operation: OperationDefinitionNode | null;
  /** Why the operation is refused; empty when it may run. */
  readonly errors: readonly GraphQLError[];
}

/** What is counted and logged of an operation. */
export interface OperationReport {
  readonly operation?: OperationDefinitionNode | null;
  /** As they were thrown or as the client gets them: both give the same outcome. */
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
  readonly requestId?: string;
}

/** `invalid`: the request did not name an operation that exists. Names that callers choose would be labels without end. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'invalid';

export interface OperationPipelineParts {
  /** `createContext` is read at each call. */
  readonly app: {
    readonly schema: GraphQLSchema;
    readonly logger: Logger;
    readonly createContext: CreateContext;
    readonly isCurrent: IsCurrent;
  };
  readonly limits: Limits;
  /** The only documents that run; null: all run. */
  readonly trusted?: TrustedDocuments | null;
  /** @param outcome - `ok`, or the code of the first error. */
  observe(operation: OperationKind, outcome: string, seconds: number): void;
}

export function createOperationPipeline({
  app,
  limits,
  trusted = null,
  observe,
}: OperationPipelineParts): OperationPipeline {
  const documents = new OperationDocuments(app.schema, limits.maxTokens, trusted);
  const guards = createGuards(app.schema, limits);
  const formatError = createFormatError(app.logger);
  const format = (error: unknown) => formatOne(toGraphQLError(error), formatError);

  return {
    authorise: (authorization) => app.createContext(authorization),
    isCurrent: (caller) => app.isCurrent(caller),
    prepare(request) {
      const { document, errors } = documents.find(request);
      if (!document) return { request, document, operation: null, errors };
      const operation = getOperationAST(document, request.operationName) ?? null;
      if (!operation) return { request, document, operation, errors: unresolved(app.schema, document, request) };
      return { request, document, operation, errors: guards.check({ ...request, document }) };
    },
    argumentsOf: (prepared, contextValue) => argumentsOf(app.schema, prepared, contextValue),
    answer: (result, context) => answer(result, context, format),
    format,
    formatError,
    start() {
      const begin = performance.now();
      return ({ operation, errors, requestId }) => {
        const outcome = errors?.[0] ? publicCodeOf(errors[0]) : 'ok';
        const durationMs = performance.now() - begin;
        observe(operation?.operation ?? 'invalid', outcome, durationMs / 1000);
        const operationName = operation?.name?.value;
        app.logger.debug({ requestId, operationName, outcome, durationMs }, 'The operation was answered.');
      };
    },
  };
}

/** Lets graphql-js say why the document does not have the operation that the request names. */
function unresolved(schema: GraphQLSchema, document: DocumentNode, { operationName }: OperationRequest) {
  const { errors = [] } = execute({ schema, document, operationName }) as ExecutionResult;
  return errors.map((error) => asPublicError(error, 'OPERATION_RESOLUTION_FAILURE'));
}

function argumentsOf(
  schema: GraphQLSchema,
  { request, document, errors }: PreparedOperation,
  contextValue: Context,
): ExecutionArgs {
  if (!document || errors.length > 0)
    throw new Error('operation: expected one that was not refused, got a refused one');
  return { schema, document, contextValue, operationName: request.operationName, variableValues: request.variables };
}

function answer(
  { errors, extensions, ...result }: ExecutionResult,
  { notes }: Context,
  format: OperationPipeline['format'],
): FormattedExecutionResult {
  return {
    ...(errors && { errors: errors.map(format) }),
    ...result,
    ...((extensions || notes.size > 0) && { extensions: { ...extensions, ...Object.fromEntries(notes) } }),
  };
}

/** `extensions.http` is for the HTTP server, not for clients. */
function formatOne(error: GraphQLError, formatError: FormatError): GraphQLFormattedError {
  const extensions = { ...error.extensions };
  delete extensions.http;
  return formatError({ ...error.toJSON(), extensions }, error);
}
