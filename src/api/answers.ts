/** Makes the answers of operations, the same over both protocols: explained or masked errors, a limit on the size. */
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

import type { Limits } from '../config';
import {
  asPublicError,
  createFormatError,
  DatabaseUnavailableError,
  isWorkerDeath,
  PublicError,
  rootOf,
  toGraphQLError,
  TryAgainError,
} from '../errors';
import type { Logger } from '../logger';
import { isDatabaseFault, isStoreFault, NewerTablesError } from '../storage/database-error';

/** `invalid`: the request did not name an operation that exists. Names that callers choose would be labels without end. */
type OperationKind = 'query' | 'mutation' | 'subscription' | 'invalid';

/** @param outcome - `ok`, or the code of the first error. */
export type Observe = (operation: OperationKind, outcome: string, seconds: number) => void;

/** The facts of an operation that are counted and logged. */
export interface OperationReport {
  readonly operation?: OperationDefinitionNode | null;
  /** As the client gets them. */
  readonly errors?: readonly GraphQLFormattedError[];
  readonly requestId?: string;
}

/** The answer to a request that GraphQL does not see. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class Answers {
  private readonly mask;
  private readonly explain;

  constructor(
    private readonly logger: Logger,
    private readonly limits: Pick<Limits, 'maxTokens' | 'maxAnswerBytes'>,
    private readonly observe: Observe,
  ) {
    this.mask = createFormatError(logger);
    this.explain = createFaultExplainer(logger);
  }

  /** @returns The error for the client, still with its HTTP status; an unexpected error as it is. */
  publicError(error: unknown): GraphQLError {
    const explained = toGraphQLError(this.explain(error));
    if (isWrongVariable(explained)) return asPublicError(explained, 'BAD_USER_INPUT');
    // Apollo wraps what a rule of validation reports.
    if (explained.originalError instanceof PublicError && explained.path === undefined) return explained.originalError;
    if (hasStatusAlone(explained)) return asPublicError(explained, 'BAD_REQUEST');
    if (TOO_MANY_TOKENS.test(explained.message)) return tooManyTokens(this.limits.maxTokens);
    return explained;
  }

  /** @returns The error as a client sees it. */
  format(error: unknown): GraphQLFormattedError {
    const shown = this.publicError(error);
    const extensions = { ...shown.extensions };
    delete extensions.http; // for the HTTP server, not for clients
    return this.mask({ ...shown.toJSON(), extensions }, error);
  }

  /** @returns The error as the answer to a whole request, in the form that answers of GraphQL have. */
  refusal(error: unknown): Refusal {
    const { status = (error as { status?: number }).status ?? 500, headers = new Map<string, string>() } =
      (this.publicError(error).extensions.http ?? {}) as { status?: number; headers?: ReadonlyMap<string, string> };
    const body = JSON.stringify({ errors: [this.format(error)] });
    const form = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
    };
    return { status, headers: { ...form, ...Object.fromEntries(headers) }, body };
  }

  /** @param result - With the errors that `format` gave. */
  finish({ errors, data, extensions }: FormattedExecutionResult): FormattedExecutionResult {
    const answer = { ...(errors && { errors }), ...(data !== undefined && { data }) };
    return {
      ...(isWithin(this.limits.maxAnswerBytes, answer) ? answer : this.tooLarge()),
      ...(extensions && { extensions }),
    };
  }

  /** Starts the clock of an operation. @returns Counts and logs the operation when it has been answered. */
  start(): (report: OperationReport) => void {
    const begin = performance.now();
    return ({ operation, errors, requestId }) => {
      const durationMs = performance.now() - begin;
      const outcome = String(errors?.[0]?.extensions?.code ?? 'ok');
      this.observe(operation?.operation ?? 'invalid', outcome, durationMs / 1000);
      const operationName = operation?.name?.value;
      this.logger.debug({ requestId, operationName, outcome, durationMs }, 'The operation was answered.');
    };
  }

  private tooLarge(): FormattedExecutionResult {
    const message =
      `answer: expected at most about ${this.limits.maxAnswerBytes} bytes, got more; ask for fewer rows or fields ` +
      '(what a mutation has changed stays changed)';
    return { data: null, errors: [this.format(new PublicError('ANSWER_TOO_LARGE', message, 400))] };
  }
}

/** As graphql-js words it after 50 errors, in place of the others. */
const MORE_WRONG_VARIABLES = /^Too many errors processing variables/;

/** Whether graphql-js did not execute an operation, because a variable has not the type that it is declared with. */
function isWrongVariable({ message, nodes, path, extensions }: GraphQLError): boolean {
  if (path !== undefined || extensions.code !== undefined) return false;
  return nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION || MORE_WRONG_VARIABLES.test(message);
}

/** Apollo gives no code to the errors of persisted queries whose hash or version is wrong. */
function hasStatusAlone({ extensions }: GraphQLError): boolean {
  return extensions.code === undefined && (extensions.http as { status?: number } | undefined)?.status === 400;
}

/** As graphql-js words it. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

function tooManyTokens(maxTokens: number): PublicError {
  const advice = 'make several operations of it, or put lists into variables';
  const message = `words: expected at most ${maxTokens} words and signs, got more; ${advice}`;
  return new PublicError('QUERY_TOO_LARGE', message, 400);
}

/** Braces, quotes and commas of a field. */
const SIGNS = 4;
const NUMBER_BYTES = 8;

/** @returns Whether the text of the answer would have about `maxBytes` or fewer; stops counting there. */
function isWithin(maxBytes: number, answer: unknown): boolean {
  const todo: unknown[] = [answer];
  let bytes = 0;
  while (todo.length > 0 && bytes <= maxBytes) {
    const value = todo.pop();
    if (typeof value === 'string') bytes += value.length + SIGNS;
    else if (typeof value !== 'object' || value === null || value instanceof Date) bytes += NUMBER_BYTES;
    else
      for (const [name, inner] of Object.entries(value)) {
        bytes += Array.isArray(value) ? 1 : name.length + SIGNS;
        todo.push(inner);
      }
  }
  return bytes <= maxBytes;
}

/** A fault after which a client may try again; after any other error of the server it may not. */
interface PassingFault {
  isCauseOf(cause: unknown): boolean;
  /** The error for the client. */
  asError(): PublicError;
  readonly logText: string;
}

const NEWER_TABLES =
  'database: expected the tables of this version of tigerql, got newer ones; nothing was changed: try again, a newer server answers';

const PASSING_FAULTS: readonly PassingFault[] = [
  {
    isCauseOf: (cause) => cause instanceof NewerTablesError,
    asError: () => new DatabaseUnavailableError(NEWER_TABLES),
    logText: 'A newer version of tigerql has changed the tables. Start that version here too.',
  },
  {
    isCauseOf: isDatabaseFault,
    asError: () => new DatabaseUnavailableError(),
    logText: 'The database does not answer. Operations fail until it does.',
  },
  {
    isCauseOf: isWorkerDeath,
    asError: () => new TryAgainError('server', 'a worker thread that answers', 'one that ended'),
    logText: 'A worker thread has ended again and again. A new one is started at the next request.',
  },
  {
    isCauseOf: isStoreFault,
    asError: () => new TryAgainError('checkpoint store', 'an answer', 'none'),
    logText: 'The checkpoint store does not answer. What needs a checkpoint fails until it does.',
  },
];

/** In an outage every request fails, and the log does not need each failure. */
const LOG_EVERY_MS = 5_000;

/** Gives a public error in place of one that comes from a fault that may pass; any other error as it is. */
type ExplainFault = (error: unknown) => unknown;

export function createFaultExplainer(logger: Logger, now = () => performance.now()): ExplainFault {
  const loggedAt = new Map<PassingFault, number>();
  return (error) => {
    const cause = rootOf(error);
    const fault = PASSING_FAULTS.find(({ isCauseOf }) => isCauseOf(cause));
    if (fault === undefined) return error;
    if (now() - (loggedAt.get(fault) ?? -Infinity) >= LOG_EVERY_MS) {
      loggedAt.set(fault, now());
      logger.error({ err: cause }, fault.logText);
    }
    const { message, extensions } = fault.asError();
    const { nodes, path } = error instanceof GraphQLError ? error : {};
    return new GraphQLError(message, { nodes, path, extensions });
  };
}
