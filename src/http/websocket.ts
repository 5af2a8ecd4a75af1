/** GraphQL over WebSocket: graphql-ws runs the same schema, with the same limits, context and answers as Apollo Server. */
import type { IncomingMessage, Server } from 'node:http';

import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type ValidationRule,
} from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';

import type { Caller } from '../../graphql/api-key/records';
import { Counts } from '../../models/math/counts';
import type { Answers, OperationReport } from '../api/answers';
import type { IsCurrent } from '../api/context';
import { createLife, type OperationLife } from '../api/deadline';
import { type RequestLimits, validationRules } from '../api/limits';
import type { Config } from '../config';
import { asPublicError, OverloadedError, PublicError } from '../errors';
import type { Logger } from '../logger';
import { markFailed, traced } from '../tracing';
import { authorizationOfSocket } from './access';
import { MAX_VALIDATION_ERRORS } from './apollo';
import type { AddressOf } from './caller-address';
import type { Entered, Entry } from './entry';
import type { Metrics } from './metrics';
import { isOriginAllowed } from './own-names';

/** The longest message that a socket may send; what is longer belongs in an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** A subscription keeps its message for as long as it is open. The longest documents of the console have a tenth of it. */
const MAX_SUBSCRIPTION_LENGTH = 4_096;
/** An id is kept and sent with each event. Clients send UUIDs. */
const MAX_ID_LENGTH = 128;
/** A socket that does not answer a ping until the next one is dead. */
const PING_EVERY_MS = 12_000;
/** How long the server waits for a client to answer a close. */
const CLOSE_TIMEOUT_MS = 2_000;
/** The socket of a key that has ended is closed at most this much later than the process knows it. */
const LOOK_AT_KEYS_MS = 500;

const UNAUTHENTICATED = 4401;
const INTERNAL_ERROR = 4500;
/** After this code clients connect again, and begin their subscriptions anew. */
const TRY_AGAIN_LATER = 1013;
const PASSING: ReadonlySet<unknown> = new Set(['OVERLOADED', 'DATABASE_UNAVAILABLE', 'TRY_AGAIN']);

export interface WebSocketParts {
  readonly server: Server;
  readonly config: Config;
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'openSockets'>;
  readonly entry: Entry;
  readonly isCurrent: IsCurrent;
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

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function serveWebSockets(parts: WebSocketParts): { dispose(): Promise<void> } {
  const { server, config, logger } = parts;
  const options: ServerOptions & { closeTimeout: number } = {
    server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    verifyClient: ({ req }, answer) => {
      const refusal = gate.refusalOf(req);
      if (refusal === null) return answer(true);
      const { code, http } = refusal.extensions as { code: string; http: { status: number } };
      const body = JSON.stringify({ errors: [{ message: refusal.message, extensions: { code } }] });
      answer(false, http.status, body, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' });
    },
  };
  const sockets = new WebSocketServer(options);
  const gate = countSockets(sockets, parts);
  const operations = new SocketOperations(parts, validationRules(config.limits));
  const keys = watchKeys(parts);
  const protocol = useServer<Record<string, unknown> | undefined>(
    {
      isProd: true,
      connectionInitWaitTimeout: config.limits.socketInitTimeoutMs,
      onConnect: async (socket) => keys.add(socket.extra.socket, await operations.callerOf(socket)),
      onSubscribe: (socket, id, payload) => operations.begin(socket, id, payload),
      execute: (args) => operations.execute(args),
      subscribe: (args) => operations.subscribe(args),
      onOperation: (socket, id, _payload, _args, result) => operations.executed(socket, id, result),
      onNext: (_socket, _id, _payload, args, result) => operations.answer(args, result),
      onError: (_socket, _id, _payload, errors) => errors.map((error) => parts.answers.format(error)),
      onComplete: (socket, id) => operations.end(socket, id),
      onClose: (socket) => operations.endAll(socket),
    },
    sockets,
    PING_EVERY_MS,
  );
  sockets.on('error', (err) => logger.error({ err }, 'WebSockets could not be served.'));
  return {
    async dispose() {
      keys.dispose();
      await protocol.dispose();
    },
  };
}

/** Counts sockets by their addresses. */
function countSockets(sockets: WebSocketServer, { config, metrics, addressOf }: WebSocketParts) {
  const { maxSockets, maxSocketsPerAddress } = config.limits;
  const open = new Counts();
  sockets.on('connection', (socket, request) => {
    const address = addressOf(request);
    open.add(address, 1);
    metrics.openSockets.inc();
    socket.once('close', () => {
      metrics.openSockets.dec();
      open.add(address, -1);
    });
  });
  return {
    /** @returns Why a request may not become a socket. */
    refusalOf(request: IncomingMessage): PublicError | null {
      // CORS does not hold for WebSockets.
      if (!isOriginAllowed(request, config)) return new PublicError('FORBIDDEN', FOREIGN_PAGE, 403);
      if (sockets.clients.size >= maxSockets)
        return new OverloadedError(`sockets: expected at most ${maxSockets} in all, got more; try again later`);
      if (open.of(addressOf(request)) < maxSocketsPerAddress) return null;
      const message = `sockets: expected at most ${maxSocketsPerAddress} of one address, got more; close one first`;
      return new PublicError('TOO_MANY_SOCKETS', message, 429);
    },
  };
}

const FOREIGN_PAGE = 'origin: expected a page of this server, got another one; set PUBLIC_URL or ALLOWED_ORIGINS';

/** Closes sockets whose key or token has ended. An operation checks its key when it starts; this is for those that already run. */
function watchKeys({ isCurrent, logger }: WebSocketParts) {
  const callers = new Map<WebSocket, Caller>();
  const look = (socket: WebSocket, caller: Caller) =>
    isCurrent(caller).then(
      (holds) => holds || closeSocket(socket, UNAUTHENTICATED, KEY_ENDED, logger),
      () => undefined, // the database does not answer, and nobody has said that the key has ended
    );
  const timer = setInterval(() => callers.forEach((caller, socket) => void look(socket, caller)), LOOK_AT_KEYS_MS);
  timer.unref();
  return {
    /** @param caller - Null: the socket was refused. @returns Whether it may stay open. */
    add(socket: WebSocket, caller: Caller | null): boolean {
      if (caller === null) return false;
      if (caller.key === null && caller.expiresAt === null) return true;
      callers.set(socket, caller);
      socket.once('close', () => callers.delete(socket));
      if (socket.readyState !== WebSocket.OPEN) callers.delete(socket);
      return true;
    },
    dispose: () => clearInterval(timer),
  };
}

const KEY_ENDED = 'UNAUTHENTICATED authorization: the key or token of this socket has ended';

/** A close frame has room for this; `ws` throws at a longer reason. */
const MAX_REASON_BYTES = 123;

function closeSocket(socket: WebSocket, code: number, reason: string, logger: Logger): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  logger.info({ code, reason }, 'The server closed a WebSocket.');
  const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
  socket.close(code, new TextDecoder().decode(bytes, { stream: true })); // "stream" leaves a character out that is cut
}

/** The operations of all sockets. */
class SocketOperations {
  private readonly bySocket = new WeakMap<Extra, Map<string, Running>>();
  private readonly subscriptions = new Set<Running>();
  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly parts: WebSocketParts,
    rules: readonly ValidationRule[],
  ) {
    this.rules = [...specifiedRules, ...rules];
  }

  /** @returns Null when the socket may not stay open; it is closed then. */
  async callerOf({ extra, connectionParams }: Socket): Promise<Caller | null> {
    const { entry, answers, addressOf, logger } = this.parts;
    try {
      const authorization = () => authorizationOfSocket(connectionParams, extra.request);
      return (await entry.contextOf(authorization, addressOf(extra.request))).caller;
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
    const running: Running = { life: createLife(), report: this.parts.answers.start(), entered: null, operation: null };
    const own = this.bySocket.get(socket.extra) ?? new Map<string, Running>();
    this.bySocket.set(socket.extra, own.set(id, running));
    try {
      return await this.prepare(socket, payload, running);
    } catch (error) {
      const errors = (Array.isArray(error) ? error : [this.parts.answers.publicError(error)]) as GraphQLError[];
      this.refused(socket, payload, running, errors);
      this.end(socket, id);
      return errors;
    }
  }

  private async prepare(socket: Socket, payload: SubscribePayload, running: Running): Promise<ExecutionArgs> {
    const { entry, schema, config, requestLimits, addressOf } = this.parts;
    const { maxSocketOperations, maxTokens, deadlineMs } = config.limits;
    const { extra, connectionParams, subscriptions } = socket;
    if (Object.keys(subscriptions).length > maxSocketOperations) throw tooManyOperations(maxSocketOperations);
    const authorization = () => authorizationOfSocket(connectionParams, extra.request);
    running.entered = await entry.enter(authorization, addressOf(extra.request), running.life);
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
    const { maxSubscriptions } = this.parts.config.limits;
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

  /** A client that gets an error for its subscription does not ask again. One whose socket closes does. */
  private refused(
    socket: Socket,
    { query }: SubscribePayload,
    running: Running,
    errors: readonly GraphQLError[],
  ): void {
    const formatted = errors.map((error) => this.parts.answers.format(error));
    const { operation, entered } = running;
    running.report({ operation, errors: formatted, requestId: entered?.context.requestId });
    if (operation?.operation === 'subscription' || /^\s*subscription\b/.test(query))
      this.closePassing(socket, formatted);
  }

  private closePassing({ extra }: Socket, [error]: readonly GraphQLFormattedError[]): void {
    const code = error?.extensions?.code;
    if (PASSING.has(code))
      closeSocket(extra.socket, TRY_AGAIN_LATER, `${String(code)} ${error.message}`, this.parts.logger);
  }

  execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const operation = getOperationAST(args.document, args.operationName);
    const name = `${operation?.operation} ${operation?.name?.value ?? ''}`.trim();
    return traced(name, async (span) => {
      const result = await execute(args);
      if (result.errors?.[0]) markFailed(span, String(this.parts.answers.format(result.errors[0]).extensions?.code));
      return result;
    });
  }

  async subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
    return subscribe(args);
  }

  /** An operation has been executed, or a subscription is open. */
  executed(socket: Socket, id: string, result: object): void {
    const running = this.bySocket.get(socket.extra)?.get(id);
    if (!running) return;
    running.entered?.leave();
    const errors = 'errors' in result ? (result as ExecutionResult).errors : undefined;
    const formatted = errors?.map((error) => this.parts.answers.format(error));
    const { operation, entered } = running;
    running.report({ operation, errors: formatted, requestId: entered?.context.requestId });
    if (operation?.operation === 'subscription' && formatted) this.closePassing(socket, formatted);
  }

  answer({ contextValue }: ExecutionArgs, result: ExecutionResult) {
    const { answers } = this.parts;
    const errors = result.errors?.map((error) => answers.format(error));
    return answers.finish({ ...result, errors }, contextValue as Entered['context']);
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
