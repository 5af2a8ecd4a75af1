/** The way of an operation through the server, written once for GraphQL over HTTP and GraphQL over WebSocket. */
import { setMaxListeners } from 'node:events';

import type { Span } from '@opentelemetry/api';
import {
  createSourceEventStream,
  type DocumentNode,
  execute as executeAll,
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
import {
  asPublicError,
  createFormatError,
  DeadlineError,
  type FormatError,
  type PublicCode,
  PublicError,
  publicCodeOf,
  toGraphQLError,
} from '../errors';
import type { Logger } from '../logger';
import { markFailed, traced } from '../tracing';
import { isWithin } from './answer-size';
import type { CreateContext, IsCurrent } from './context';
import { eventResults, type Schedule } from './event-results';
import { createGuards, type Guards } from './guards';
import { OperationDocuments } from './operation-documents';
import { createFaultExplainer, type ExplainFault } from './passing-faults';
import type { TrustedDocuments } from './trusted-documents';

/**
 * The steps of an operation. A transport calls them in this order:
 *
 * 1. `start`: the clock runs.
 * 2. `authorise`: who asks.
 * 3. `prepare`: parses, validates and checks the limits.
 * 4. `argumentsOf`: what graphql-js is to do.
 * 5. `execute` or `subscribe`: does it.
 * 6. `answer`: masks errors and adds the notes of the context.
 * 7. The function that `start` returned: counts and logs the operation.
 */
export interface OperationPipeline {
  start(): (report: OperationReport) => void;
  /**
   * @param life - Aborted by the transport when the client goes, and by `execute` at the deadline.
   * @param address - Whom the operation counts for, if the caller has no key.
   * @throws {UnauthenticatedError} For an unknown key, and for no key where reading needs one.
   * @throws {GraphQLError} `DATABASE_UNAVAILABLE` when keys cannot be looked up.
   */
  authorise(authorization: string | undefined, life?: AbortController, address?: string): Promise<Context>;
  /** Asked about sockets that stay open. */
  readonly isCurrent: IsCurrent;
  prepare(request: OperationRequest): PreparedOperation;
  argumentsOf(prepared: PreparedOperation, context: Context): ExecutionArgs;
  /** Executes a query until its deadline, and a mutation to its end: what a mutation has changed stays changed. */
  execute(args: ExecutionArgs): Promise<ExecutionResult>;
  /**
   * Opens a subscription. An event that misses the deadline ends it.
   *
   * @param schedule - Executes each event.
   */
  subscribe(args: ExecutionArgs, schedule: Schedule): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
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
  /** The errors as they were thrown, or as the client gets them: both give the same outcome. */
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

/** The most errors that one answer shows. */
const MAX_ERRORS = 50;

export function createOperationPipeline(parts: OperationPipelineParts): OperationPipeline {
  const { app, limits, trusted = null } = parts;
  const documents = new OperationDocuments(app.schema, limits.maxTokens, trusted);
  const guards = createGuards(app.schema, limits);
  const formatError = createFormatError(app.logger);
  const explain = createFaultExplainer(app.logger);
  const format = (error: unknown) => formatOne(toGraphQLError(explain(error)), formatError);
  const lives: Lives = new WeakMap();
  const execute = (args: ExecutionArgs) => executeTraced(args, { lives, limits, explain });
  return {
    async authorise(authorization, life = new AbortController(), address = '') {
      const context = await app.createContext(authorization, life.signal, address).catch((error: unknown) => {
        throw explain(error);
      });
      lives.set(life.signal, life);
      setMaxListeners(Infinity, life.signal); // every list of an operation listens to it
      return context;
    },
    isCurrent: (caller) => app.isCurrent(caller),
    prepare: (request) => prepare(request, { schema: app.schema, documents, guards }),
    argumentsOf: (prepared, contextValue) => argumentsOf(app.schema, prepared, contextValue),
    execute,
    async subscribe(args, schedule) {
      const source = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in source)) return source;
      const { signal } = args.contextValue as Context;
      return eventResults(source[Symbol.asyncIterator](), signal, (rootValue) =>
        schedule(() => execute({ ...args, rootValue })),
      );
    },
    answer: (result, context) => answerOf(result, context, limits.maxAnswerBytes, format),
    format,
    formatError,
    start() {
      const begin = performance.now();
      return (report) => finish(report, performance.now() - begin, parts);
    },
  };
}

interface PrepareParts {
  readonly schema: GraphQLSchema;
  readonly documents: OperationDocuments;
  readonly guards: Guards;
}

function prepare(given: OperationRequest, { schema, documents, guards }: PrepareParts): PreparedOperation {
  // Clients send an empty name for an operation without one.
  const request = { ...given, operationName: given.operationName || null };
  const { document, errors } = documents.find(request);
  if (!document) return { request, document, operation: null, errors };
  const operation = getOperationAST(document, request.operationName) ?? null;
  if (!operation) return { request, document, operation, errors: unresolved(schema, document, request) };
  return { request, document, operation, errors: guards.check({ ...request, document, operation }) };
}

/** Lets graphql-js say why the document does not have the operation that the request names. */
function unresolved(schema: GraphQLSchema, document: DocumentNode, { operationName }: OperationRequest) {
  const { errors = [] } = executeAll({ schema, document, operationName }) as ExecutionResult;
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

/** The controller of each operation by its signal. Apollo Server copies contexts, so a context cannot be the key. */
type Lives = WeakMap<AbortSignal, AbortController>;

interface ExecuteParts {
  readonly lives: Lives;
  readonly limits: Pick<Limits, 'deadlineMs' | 'maxAnswerBytes'>;
  readonly explain: ExplainFault;
}

function executeTraced(args: ExecutionArgs, { lives, limits, explain }: ExecuteParts): Promise<ExecutionResult> {
  const { signal, requestId } = args.contextValue as Context;
  const operation = getOperationAST(args.document, args.operationName);
  const isMutation = operation?.operation === 'mutation';
  const life = isMutation ? undefined : lives.get(signal);
  const work = async (span: Span) => {
    const executed = await (life ? executeInTime(args, life, limits.deadlineMs) : executeAll(args));
    const explained = withErrors(executed, (error) => toGraphQLError(explain(error)));
    const result = isMutation ? mutationWithinSize(explained, limits.maxAnswerBytes) : explained;
    if (result.errors?.[0]) markFailed(span, publicCodeOf(result.errors[0]));
    return result;
  };
  return traced(`${operation?.operation} ${operation?.name?.value ?? ''}`.trim(), work, { requestId });
}

function withErrors(result: ExecutionResult, change: (error: GraphQLError) => GraphQLError): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(change) } : result;
}

async function executeInTime(args: ExecutionArgs, life: AbortController, deadlineMs: number): Promise<ExecutionResult> {
  if (life.signal.aborted) return { errors: [toGraphQLError(life.signal.reason)] };
  const result = executeAll(args);
  if (!isPromise(result)) return result;
  const timer = setTimeout(() => life.abort(new DeadlineError(deadlineMs)), deadlineMs);
  const { signal } = life;
  let giveUp: () => void;
  const abandoned = new Promise<ExecutionResult>((resolve) => {
    giveUp = () => resolve({ errors: [toGraphQLError(signal.reason)] });
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp);
  });
  return Promise.race([result, abandoned]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  });
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>>).then === 'function';
}

/**
 * A mutation was carried out, however long its answer is.
 *
 * @returns The result itself, or an error in its place; the error has the versions that the answer would have had.
 */
function mutationWithinSize(result: ExecutionResult, maxBytes: number): ExecutionResult {
  if (isWithin(maxBytes, result.data)) return result;
  const message =
    `answer: expected at most about ${maxBytes} bytes, got more; what the mutation changed stays changed, ` +
    'and the next one should ask for fewer rows or fields';
  const payloads = Object.values(result.data ?? {}) as ({ readonly catalogueVersion?: number | null } | null)[];
  const catalogueVersions = payloads.flatMap((payload) => payload?.catalogueVersion ?? []);
  return { data: null, errors: [new PublicError('ANSWER_TOO_LARGE', message, 400, {}, { catalogueVersions })] };
}

/** @returns The answer, or an error in its place when its text would be too long. */
function answerOf(
  { errors, extensions, ...result }: ExecutionResult,
  { notes }: Context,
  maxBytes: number,
  format: OperationPipeline['format'],
): FormattedExecutionResult {
  const answer = { ...(errors && { errors: shown(errors, format) }), ...result };
  return {
    ...(isWithin(maxBytes, answer) ? answer : tooLarge(maxBytes, format)),
    ...((extensions || notes.size > 0) && { extensions: { ...extensions, ...Object.fromEntries(notes) } }),
  };
}

/** One wrong field of a hundred rows makes a hundred errors. */
function shown(errors: readonly GraphQLError[], format: OperationPipeline['format']): GraphQLFormattedError[] {
  const first = errors.slice(0, MAX_ERRORS).map(format);
  if (errors.length <= MAX_ERRORS) return first;
  const message = `errors: expected at most ${MAX_ERRORS} in an answer, got ${errors.length}; the others are left out`;
  return [...first, { message, extensions: { code: 'ANSWER_TOO_LARGE' satisfies PublicCode } }];
}

function tooLarge(maxBytes: number, format: OperationPipeline['format']): FormattedExecutionResult {
  const message = `answer: expected at most about ${maxBytes} bytes, got more; ask for fewer rows or fields`;
  return { data: null, errors: [format(new PublicError('ANSWER_TOO_LARGE', message, 400))] };
}

/** Counts and logs an operation. */
function finish(
  { operation, errors, requestId }: OperationReport,
  durationMs: number,
  { app, observe }: Pick<OperationPipelineParts, 'app' | 'observe'>,
): void {
  const outcome = errors?.[0] ? publicCodeOf(errors[0]) : 'ok';
  observe(operation?.operation ?? 'invalid', outcome, durationMs / 1000);
  const operationName = operation?.name?.value;
  app.logger.debug({ requestId, operationName, outcome, durationMs }, 'The operation was answered.');
}

/** `extensions.http` is for the HTTP server, not for clients. */
function formatOne(error: GraphQLError, formatError: FormatError): GraphQLFormattedError {
  const extensions = { ...error.extensions };
  delete extensions.http;
  return formatError({ ...error.toJSON(), extensions }, error);
}
