/** The operations of WebSockets, from their messages to their last answers. */
import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { WebSocket } from 'ws';

import type { Caller } from '../../graphql/api-key/records';
import type { Answers, OperationReport } from '../api/answers';
import { createLife, type OperationLife } from '../api/deadline';
import { MAX_VALIDATION_ERRORS, type RequestLimits, validationRules } from '../api/limits';
import type { Limits } from '../config';
import { asPublicError, OverloadedError, PublicError } from '../errors';
import type { Logger } from '../logger';
import { authorizationOfSocket } from './access';
import type { Admission, Entered } from './admission';
import type { AddressOf } from './caller-address';

/** A subscription keeps its message for as long as it is open. The longest documents of the console have a tenth of it. */
const MAX_SUBSCRIPTION_LENGTH = 4_096;
/** An id is kept and sent with each event. Clients send UUIDs. */
const MAX_ID_LENGTH = 128;

/** Clients do not connect again after these. */
export const UNAUTHENTICATED = 4401;
const INTERNAL_ERROR = 4500;
/** After this code clients connect again, and begin their subscriptions anew. */
const TRY_AGAIN_LATER = 1013;
const PASSING: ReadonlySet<unknown> = new Set(['OVERLOADED', 'DATABASE_UNAVAILABLE', 'TRY_AGAIN']);

export interface SocketOperationParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly admission: Admission;
  readonly requestLimits: RequestLimits;
  readonly answers: Answers;
  readonly addressOf: AddressOf;
}

type Socket = SocketContext<Record<string, unknown> | undefined, Extra>;

/** One operation, from its message to its last answer. */
interface Running {
  readonly life: OperationLife;
  readonly report: (report: OperationReport) => void;
  entered: Entered | null;
  operation: OperationDefinitionNode | null;
}

/** The operations of all sockets. */
export class SocketOperations {
  private readonly bySocket = new WeakMap<Extra, Map<string, Running>>();
  private readonly subscriptions = new Set<Running>();
  private readonly rules: readonly ValidationRule[];

  constructor(private readonly parts: SocketOperationParts) {
    this.rules = [...specifiedRules, ...validationRules(parts.limits)];
  }

  /** @returns Null when the socket may not stay open; it is closed then. */
  async callerOf({ extra, connectionParams }: Socket): Promise<Caller | null> {
    const { admission, answers, addressOf, logger } = this.parts;
    try {
      const authorization = () => authorizationOfSocket(connectionParams, extra.request);
      return await admission.callerOf(authorization, addressOf(extra.request));
    } catch (error) {
      const { message, extensions } = answers.format(error);
      const code = extensions?.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : INTERNAL_ERROR;
      const reason = `${String(extensions?.code)} ${String(extensions?.errorId ?? message)}`;
      closeSocket(extra.socket, PASSING.has(extensions?.code) ? TRY_AGAIN_LATER : code, reason, logger);
      return null;
    }
  }

  /**
   * Each operation authorises anew, so that a revoked key ends at once on open sockets too.
   *
   * @returns What is to be executed, or why the operation is refused.
   */
  async begin(socket: Socket, id: string, payload: SubscribePayload): Promise<ExecutionArgs | GraphQLError[]> {
    if (id.length > MAX_ID_LENGTH) {
      closeSocket(
        socket.extra.socket,
        4400,
        `id: expected at most ${MAX_ID_LENGTH} characters, got more`,
        this.parts.logger,
      );
      return [new PublicError('BAD_REQUEST', 'id: too long', 400)];
    }
    this.end(socket, id); // a client may use the id of an operation that it has completed and that still runs
    const running: Running = { life: createLife(), report: this.parts.answers.start(), entered: null, operation: null };
    const own = this.bySocket.get(socket.extra) ?? new Map<string, Running>();
    this.bySocket.set(socket.extra, own.set(id, running));
    try {
      return await this.prepare(socket, payload, running);
    } catch (error) {
      const errors = (Array.isArray(error) ? error : [this.parts.answers.publicError(error)]) as GraphQLError[];
      const isSubscription =
        running.operation?.operation === 'subscription' || /^\s*subscription\b/.test(payload.query);
      this.report(socket, running, errors, isSubscription);
      this.end(socket, id);
      return errors;
    }
  }

  private async prepare(socket: Socket, payload: SubscribePayload, running: Running): Promise<ExecutionArgs> {
    const { admission, schema, limits, requestLimits, addressOf } = this.parts;
    const { maxSocketOperations, maxTokens, deadlineMs } = limits;
    const { extra, connectionParams, subscriptions } = socket;
    if (Object.keys(subscriptions).length > maxSocketOperations) throw tooManyOperations(maxSocketOperations);
    const authorization = () => authorizationOfSocket(connectionParams, extra.request);
    running.entered = await admission.enter(authorization, addressOf(extra.request), running.life);
    if (running.life.signal.aborted) {
      running.entered.leave(); // a socket that has closed meanwhile would never give the place back
      throw running.life.signal.reason;
    }
    const document = this.parse(payload.query, maxTokens);
    const operationName = payload.operationName || undefined;
    running.operation = getOperationAST(document, operationName) ?? null;
    const args = { schema, document, operationName, variableValues: payload.variables };
    if (running.operation === null) throw unresolved(args);
    requestLimits.check({ document, operation: running.operation, variables: payload.variables });
    if (running.operation.operation === 'subscription') this.countSubscription(running, payload);
    if (running.operation.operation === 'query') running.life.limit(deadlineMs);
    return { ...args, contextValue: running.entered.context };
  }

  /** @throws {GraphQLError | GraphQLError[]} */
  private parse(text: string, maxTokens: number) {
    const { schema } = this.parts;
    try {
      const document = parse(text, { maxTokens });
      refuseConditions(document);
      const errors = validate(schema, document, this.rules, { maxErrors: MAX_VALIDATION_ERRORS });
      if (errors.length === 0) return document;
      throw errors.map((error) =>
        error instanceof PublicError ? error : asPublicError(error, 'GRAPHQL_VALIDATION_FAILED'),
      );
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const isSyntax = error.message.startsWith('Syntax Error');
      throw asPublicError(error, isSyntax ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED');
    }
  }

  private countSubscription(running: Running, { query, variables }: SubscribePayload): void {
    const { maxSubscriptions } = this.parts.limits;
    if (query.length + JSON.stringify(variables ?? {}).length > MAX_SUBSCRIPTION_LENGTH)
      throw new PublicError(
        'QUERY_TOO_LARGE',
        `subscription: expected at most ${MAX_SUBSCRIPTION_LENGTH} characters, got more; ask for the rest in queries`,
        400,
      );
    if (this.subscriptions.size >= maxSubscriptions)
      throw new OverloadedError(
        `subscriptions: expected at most ${maxSubscriptions} in all, got more; try again later`,
      );
    this.subscriptions.add(running);
  }

  /** An operation has been executed, or a subscription is open. */
  executed(socket: Socket, id: string, result: object): void {
    const running = this.bySocket.get(socket.extra)?.get(id);
    if (!running) return;
    running.entered?.leave();
    this.report(socket, running, 'errors' in result ? (result as ExecutionResult).errors : undefined);
  }

  /** Counts and logs an operation. A client that gets an error for its subscription does not ask again. One whose socket closes does. */
  private report(
    { extra }: Socket,
    { operation, entered, report }: Running,
    errors: readonly GraphQLError[] | undefined,
    isSubscription = operation?.operation === 'subscription',
  ): void {
    const formatted = errors?.map((error) => this.parts.answers.format(error));
    report({ operation, errors: formatted, requestId: entered?.context.requestId });
    const code = formatted?.[0]?.extensions?.code;
    if (isSubscription && PASSING.has(code))
      closeSocket(extra.socket, TRY_AGAIN_LATER, `${String(code)} ${formatted![0].message}`, this.parts.logger);
  }

  answer(result: ExecutionResult) {
    const { answers } = this.parts;
    const errors = result.errors?.map((error) => answers.format(error));
    return answers.finish({ ...result, errors });
  }

  end({ extra }: Socket, id: string): void {
    const own = this.bySocket.get(extra);
    const running = own?.get(id);
    if (!running) return;
    own?.delete(id);
    this.subscriptions.delete(running);
    running.entered?.leave();
    running.life.cancel();
  }

  endAll(socket: Socket): void {
    for (const id of [...(this.bySocket.get(socket.extra)?.keys() ?? [])]) this.end(socket, id);
  }
}

/** graphql-js throws at a subscription whose field is left out: then there is nothing to wait for. */
function refuseConditions({ definitions }: DocumentNode): void {
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'subscription') continue;
    if (definition.selectionSet.selections.every(({ directives = [] }) => directives.length === 0)) continue;
    throw new GraphQLError(
      'subscription: expected a field without directives, got one with them; put them on inner fields',
    );
  }
}

function tooManyOperations(max: number): PublicError {
  const message = `operations: expected at most ${max} per socket, got more; complete one first`;
  return new PublicError('TOO_MANY_OPERATIONS', message, 429);
}

/** Lets graphql-js say why the document does not have the operation that the message names. */
function unresolved(args: ExecutionArgs): readonly GraphQLError[] {
  const { errors = [] } = execute(args) as ExecutionResult;
  return errors.map((error) => asPublicError(error, 'OPERATION_RESOLUTION_FAILURE'));
}

/** A close frame has room for this; `ws` throws at a longer reason. */
const MAX_REASON_BYTES = 123;

export function closeSocket(socket: WebSocket, code: number, reason: string, logger: Logger): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  logger.info({ code, reason }, 'The server closed a WebSocket.');
  const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
  socket.close(code, new TextDecoder().decode(bytes, { stream: true })); // "stream" leaves a character out that is cut
}
