/** GraphQL over WebSocket: graphql-ws speaks the protocol, the operation pipeline does the rest. */
import type { IncomingMessage, Server } from 'node:http';

import { type ExecutionArgs, type ExecutionResult, type GraphQLError, subscribe } from 'graphql';
import type { Context as SocketContext, OperationResult, SubscribePayload } from 'graphql-ws';
import { WebSocketServer } from 'ws';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, OperationReport } from '../api/operation-pipeline';
import type { Config } from '../config';
import { CancelledError, OverloadedError, PublicError, toGraphQLError } from '../errors';
import type { Logger } from '../logger';
import { type Admission, OVERLOADED_MESSAGE, type Place } from './admission';
import type { AddressOf } from './caller-address';
import type { CallerRate } from './caller-rate';
import { CountsByKey } from './connection-limits';
import type { Metrics } from './metrics';
import { type OpenSockets, watchSockets } from './open-sockets';
import { isOriginAllowed } from './own-names';
import { serveSockets, type SocketExtra } from './serve-sockets';
import { authorizationOfSocket } from './socket-authorization';

/** The longest message that a socket may send; what is longer belongs in an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Close codes after which clients do not try again with the same key. */
const UNAUTHENTICATED = 4401;
const INTERNAL_ERROR = 4500;
/** After this one they do. */
const TRY_AGAIN_LATER = 1013;
const TOO_MANY_SOCKETS = 4429;
const CLOSE_CODES: ReadonlyMap<unknown, number> = new Map([
  ['UNAUTHENTICATED', UNAUTHENTICATED],
  ['DATABASE_UNAVAILABLE', TRY_AGAIN_LATER],
]);
/** A close frame has room for this. */
const MAX_REASON_BYTES = 123;

export interface GraphqlWsParts {
  readonly server: Server;
  readonly config: Config;
  readonly pipeline: OperationPipeline;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly admission: Admission;
  readonly rate: CallerRate;
  readonly addressOf: AddressOf;
}
type Socket = SocketContext<Record<string, unknown> | undefined, SocketExtra>;
/** What an operation holds until it has been answered or, for a subscription, is open. */
interface Running {
  /** Ends the clock; see `OperationPipeline.start`. */
  readonly finish: (report: OperationReport) => void;
  readonly place: Place;
}

type Payload = SubscribePayload & { readonly documentId?: unknown };

/** What all sockets share. */
interface State extends GraphqlWsParts {
  readonly running: WeakMap<ExecutionArgs, Running>;
  /** Those of the open sockets' operations that are aborted when their socket closes. */
  readonly lives: WeakMap<IncomingMessage, Set<AbortController>>;
  readonly subscriptions: OpenSubscriptions;
}

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function graphqlOverWebSocket(parts: GraphqlWsParts): { dispose(): Promise<void> } {
  const { config, pipeline } = parts;
  const open = watchSockets(pipeline.isCurrent, (socket) =>
    socket.close(UNAUTHENTICATED, 'UNAUTHENTICATED authorization: the key or token of this socket has ended'),
  );
  const subscriptions = new OpenSubscriptions(config.limits.maxSubscriptions);
  const state: State = { ...parts, running: new WeakMap(), lives: new WeakMap(), subscriptions };
  const connections = serveSockets<Record<string, unknown> | undefined>(
    {
      connectionInitWaitTimeout: config.limits.socketInitTimeoutMs,
      onConnect: (socket) => admit(socket, pipeline, open),
      onSubscribe: (socket, _id, payload) => prepare(socket, payload, state),
      execute: (args) => runHolding(state, args, pipeline.execute(args)),
      subscribe: (args) => runHolding(state, args, subscribe(args) as Promise<ExecutionResult>),
      onOperation: (_socket, _id, payload, args, result) => {
        state.running.get(args)?.finish(errorsOf(result));
        if (!(Symbol.asyncIterator in result)) subscriptions.close(payload);
      },
      onComplete: (_socket, _id, payload) => subscriptions.close(payload),
      onClose: ({ extra: { request } }) => abandon(state.lives.get(request)),
      onNext: (_socket, _id, _payload, args, result) => pipeline.answer(result, args.contextValue as Context),
      onError: (_socket, _id, _payload, errors) => errors.map(pipeline.format),
    },
    listen(parts),
    parts.logger,
  );
  return {
    async dispose() {
      open.dispose();
      await connections.dispose();
    },
  };
}

async function runHolding<T>({ running }: State, args: ExecutionArgs, result: Promise<T>): Promise<T> {
  return result.finally(() => running.get(args)?.place.leave());
}

function abandon(lives: ReadonlySet<AbortController> | undefined): void {
  for (const life of lives ?? []) life.abort(new CancelledError());
}

/** Counts the open subscriptions of all sockets, each by the message that asked for it. */
class OpenSubscriptions {
  private readonly open = new Set<object>();

  constructor(private readonly max: number) {}

  /** @throws {PublicError} When there are as many as there may be. */
  add(payload: object): void {
    if (this.open.size >= this.max)
      throw new PublicError('OVERLOADED', `subscriptions: expected at most ${this.max} in all, got more`, 503);
    this.open.add(payload);
  }

  close(payload: object): void {
    this.open.delete(payload);
  }
}

function listen({ server, config, metrics, addressOf }: GraphqlWsParts): WebSocketServer {
  const { maxSockets, maxSocketsPerAddress } = config.limits;
  const counts = new CountsByKey(maxSocketsPerAddress);
  const sockets: WebSocketServer = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    // CORS does not hold for WebSockets, so the server checks the origin.
    verifyClient: ({ req }, answer) => {
      if (!isOriginAllowed(req, config)) return answer(false, 403, 'Origin not allowed; see PUBLIC_URL');
      if (sockets.clients.size >= maxSockets) return answer(false, 503, 'Too many sockets', { 'retry-after': '1' });
      return answer(true);
    },
  });
  sockets.on('connection', (socket, request) => {
    const address = addressOf(request);
    if (!counts.add(address)) return socket.close(TOO_MANY_SOCKETS, 'Too many sockets of one address');
    metrics.openSockets.inc();
    socket.once('close', () => {
      metrics.openSockets.dec();
      counts.remove(address);
    });
  });
  return sockets;
}

async function admit(socket: Socket, pipeline: OperationPipeline, open: OpenSockets): Promise<boolean> {
  try {
    const { caller } = await pipeline.authorise(authorizationOf(socket));
    open.add(socket.extra.socket, caller);
    return true;
  } catch (error) {
    const { message, extensions } = pipeline.format(error);
    const code = CLOSE_CODES.get(extensions?.code) ?? INTERNAL_ERROR;
    const reason = `${String(extensions?.code)} ${String(extensions?.errorId ?? message)}`;
    socket.extra.socket.close(code, reason.slice(0, MAX_REASON_BYTES));
    return false;
  }
}

/**
 * Each operation authorises anew, so that a revoked key ends at once on open sockets too.
 *
 * @returns What is to be executed, or why the operation is refused.
 */
async function prepare(
  socket: Socket,
  payload: Payload,
  state: State,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { pipeline, admission, addressOf, config, running } = state;
  const finish = pipeline.start();
  const address = addressOf(socket.extra.request);
  const place = admission.enter(address);
  try {
    if (place === null) throw new OverloadedError(OVERLOADED_MESSAGE);
    checkOpenOperations(socket, config);
    const authorization = authorizationOf(socket);
    const life = new AbortController();
    const context = await pipeline.authorise(authorization, life);
    await state.rate.spend(authorization ?? address);
    await place.turn();
    const prepared = pipeline.prepare(requestOf(payload));
    const { operation, errors } = prepared;
    const report = (more: OperationReport) => finish({ operation, requestId: context.requestId, ...more });
    if (errors.length > 0) return refused(errors, place, report);
    if (operation?.operation === 'subscription') state.subscriptions.add(payload);
    const args = pipeline.argumentsOf(prepared, context);
    running.set(args, { finish: report, place: holding(place, life, livesOf(socket, state)) });
    return args;
  } catch (error) {
    return refused([toGraphQLError(error)], place, finish);
  }
}

function requestOf({ query, operationName, variables, ...rest }: Payload) {
  return { query, operationName, variables, ...rest };
}

function refused(
  errors: readonly GraphQLError[],
  place: Place | null,
  finish: (report: OperationReport) => void,
): readonly GraphQLError[] {
  place?.leave();
  finish({ errors });
  return errors;
}

function livesOf({ extra: { request } }: Socket, { lives }: State): Set<AbortController> {
  const own = lives.get(request) ?? new Set();
  lives.set(request, own);
  return own;
}

/** @returns The place, which when left also forgets the operation's life. */
function holding(place: Place, life: AbortController, lives: Set<AbortController>): Place {
  lives.add(life);
  const leave = () => {
    lives.delete(life);
    place.leave();
  };
  return { ...place, leave };
}

/** @throws {PublicError} When the socket has as many open operations as it may have. */
function checkOpenOperations({ subscriptions }: Socket, { limits: { maxSocketOperations } }: Config): void {
  if (Object.keys(subscriptions).length <= maxSocketOperations) return;
  const message = `operations: expected at most ${maxSocketOperations} a socket`;
  throw new PublicError('TOO_MANY_OPERATIONS', message, 429);
}

function authorizationOf({ connectionParams, extra: { request } }: Socket): string | undefined {
  return authorizationOfSocket(connectionParams, request.headers);
}

/** A subscription that is open has no errors yet. */
function errorsOf(result: OperationResult): OperationReport {
  return 'errors' in result ? { errors: result.errors } : {};
}
