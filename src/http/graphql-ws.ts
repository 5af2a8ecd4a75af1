/** GraphQL over WebSocket: graphql-ws speaks the protocol, the operation pipeline does the rest. */
import type { IncomingMessage, Server } from 'node:http';

import { type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, type GraphQLError } from 'graphql';
import type { OperationResult, SubscribePayload } from 'graphql-ws';
import { type ServerOptions, WebSocketServer } from 'ws';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, OperationReport } from '../api/operation-pipeline';
import type { Config } from '../config';
import { OverloadedError, toGraphQLError, UnauthenticatedError } from '../errors';
import type { Logger } from '../logger';
import { type Admission, OVERLOADED_MESSAGE, type Place } from './admission';
import { errorText, JSON_TYPE, pathOf, rawError } from './answers';
import { authorizationOf, MisplacedKeyError } from './authorization';
import type { AddressOf } from './caller-address';
import type { CallerRate } from './caller-rate';
import { CountsByKey } from './connection-limits';
import { EventQueues } from './event-queues';
import { isGraphqlRequest } from './graphql-http';
import type { Metrics } from './metrics';
import { type OpenSockets, watchSockets } from './open-sockets';
import { isOriginAllowed } from './own-names';
import { formFault } from './request-form';
import { closeSocket, serveSockets } from './serve-sockets';
import { authorizationOfSocket } from './socket-authorization';
import { type Socket, type SocketOperation, SocketOperations } from './socket-operations';
import { checkSubscriptionSize } from './subscription-size';
import type { UnsentAnswers } from './unsent-answers';

/** The longest message that a socket may send; what is longer belongs in an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Clients send a message in one frame or a few. What has come of a message takes memory for each frame and packet, however short. */
const MAX_FRAGMENTS = 256;
const MAX_PACKETS = 4096;
/** How long the server waits for a client to answer a close. */
const CLOSE_TIMEOUT_MS = 2_000;
const NEWEST_VERSION = { 'Sec-WebSocket-Version': '13' };
/** Close codes after which clients do not try again with the same key. */
const UNAUTHENTICATED = 4401;
const INTERNAL_ERROR = 4500;
/** After this one they do. */
const TRY_AGAIN_LATER = 1013;
const CLOSE_CODES: ReadonlyMap<unknown, number> = new Map([
  ['UNAUTHENTICATED', UNAUTHENTICATED],
  ['DATABASE_UNAVAILABLE', TRY_AGAIN_LATER],
  ['TRY_AGAIN', TRY_AGAIN_LATER],
  ['OVERLOADED', TRY_AGAIN_LATER],
]);
const KEY_ENDED = {
  code: UNAUTHENTICATED,
  reason: 'UNAUTHENTICATED authorization: the key or token of this socket has ended',
};

export interface GraphqlWsParts {
  readonly server: Server;
  readonly config: Config;
  readonly pipeline: OperationPipeline;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly admission: Admission;
  readonly rate: CallerRate;
  readonly unsent: UnsentAnswers;
  readonly addressOf: AddressOf;
}

/** What an operation holds until it has been executed or, for a subscription, is open. */
interface Running {
  readonly operation: SocketOperation;
  readonly address: string;
  /** Ends the clock; see `OperationPipeline.start`. */
  readonly finish: (report: OperationReport) => void;
  readonly place: Place;
}

type Payload = SubscribePayload & { readonly documentId?: unknown };

/** What all sockets share. */
interface SharedState extends GraphqlWsParts {
  readonly running: WeakMap<ExecutionArgs, Running>;
  readonly operations: SocketOperations;
  readonly eventQueues: EventQueues;
}

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function graphqlOverWebSocket(parts: GraphqlWsParts): { dispose(): Promise<void> } {
  const { config, pipeline, logger } = parts;
  const open = watchSockets(pipeline.isCurrent, (socket) => closeSocket(socket, KEY_ENDED, logger));
  const operations = new SocketOperations(config.limits);
  const state: SharedState = { ...parts, running: new WeakMap(), operations, eventQueues: new EventQueues() };
  const connections = serveSockets<Record<string, unknown> | undefined>(
    {
      connectionInitWaitTimeout: config.limits.socketInitTimeoutMs,
      onConnect: (socket) => admit(socket, parts, open),
      onSubscribe: (socket, id, payload) => prepare(socket, id, payload, state),
      execute: (args) => runHolding(state, args, pipeline.execute(args)),
      subscribe: (args) => runHolding(state, args, subscribe(args, state) as Promise<ExecutionResult>),
      onOperation: (_socket, _id, _payload, args, result) => noteResult(state.running.get(args), result),
      onComplete: (socket, id) => operations.end(socket, id),
      onClose: ({ extra }) => operations.abandonAll(extra),
      onNext: (socket, _id, _payload, args, result) => answerOn(socket, args, result, parts),
      onError: (_socket, _id, _payload, errors) => errors.map(pipeline.format),
    },
    listen(parts),
    {
      ...parts,
      openingOf: (request) => ({ address: parts.addressOf(request), authorization: authorizationIn(request) }),
      onHandled: (extra) => operations.abandonCompleted(extra),
    },
  );
  return {
    async dispose() {
      open.dispose();
      await connections.dispose();
    },
  };
}

async function runHolding<T>({ running }: SharedState, args: ExecutionArgs, result: Promise<T>): Promise<T> {
  return result.finally(() => running.get(args)?.place.leave());
}

async function subscribe(args: ExecutionArgs, { pipeline, running, eventQueues }: SharedState) {
  const { address = '' } = running.get(args) ?? {};
  return pipeline.subscribe(args, (run) => eventQueues.run(address, run));
}

function noteResult(running: Running | undefined, result: OperationResult): void {
  if (!running) return;
  running.finish(errorsOf(result));
  if (Symbol.asyncIterator in result) running.operation.follow(result as AsyncIterator<unknown>);
}

function answerOn(
  { extra }: Socket,
  args: ExecutionArgs,
  result: ExecutionResult,
  { pipeline, unsent }: GraphqlWsParts,
): FormattedExecutionResult {
  const answer = pipeline.answer(result, args.contextValue as Context);
  if (unsent.mayAdd(extra.opening.address, answer)) return answer;
  return { data: null, errors: [pipeline.format(new OverloadedError(OVERLOADED_MESSAGE))] };
}

/** Why a request may not become a socket. */
interface UpgradeRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
}

function listen({ server, config, metrics, addressOf }: GraphqlWsParts): WebSocketServer {
  const { maxSockets, maxSocketsPerAddress } = config.limits;
  const counts = new CountsByKey(maxSocketsPerAddress);
  const refusalOf = (request: IncomingMessage): UpgradeRefusal | null => {
    const tooMany = (status: number, whose: string) => {
      const message = `sockets: expected at most ${whose}, got more`;
      return { status, code: 'OVERLOADED', message, headers: { 'Retry-After': '1' } };
    };
    const refusal = formRefusal(request) ?? originRefusal(request, config);
    if (refusal !== null) return refusal;
    if (sockets.clients.size >= maxSockets) return tooMany(503, `${maxSockets} in all`);
    return counts.isFull(addressOf(request)) ? tooMany(429, `${maxSocketsPerAddress} of one address`) : null;
  };
  const options = {
    server,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_PACKETS,
    // What a message grows to is known only when it has been unpacked.
    perMessageDeflate: false,
    autoPong: false,
    // One packet has thousands of short messages. Each socket gets one of them read, and then it is the turn of the others.
    allowSynchronousEvents: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    verifyClient: ({ req }, answer) => {
      const refusal = refusalOf(req);
      if (refusal === null) return answer(true);
      const { status, code, message, headers } = refusal;
      answer(false, status, errorText(code, message), { 'Content-Type': JSON_TYPE, ...headers });
    },
  } satisfies ServerOptions & { closeTimeout: number; maxFragments: number; maxBufferedChunks: number };
  const sockets: WebSocketServer = new WebSocketServer(options);
  // `formRefusal` looks at the path.
  sockets.shouldHandle = () => true;
  sockets.on('wsClientError', ({ message }, socket) => {
    socket.once('finish', () => socket.destroy());
    socket.end(
      rawError(
        400,
        `upgrade: expected one to a WebSocket of version 13, or a request without Upgrade, got: ${message}`,
        NEWEST_VERSION,
      ),
    );
  });
  sockets.on('connection', (socket, request) => {
    const address = addressOf(request);
    counts.add(address);
    metrics.openSockets.inc();
    socket.once('close', () => {
      metrics.openSockets.dec();
      counts.remove(address);
    });
  });
  return sockets;
}

function formRefusal(request: IncomingMessage): UpgradeRefusal | null {
  const fault = formFault(request);
  if (fault) return { ...fault, code: 'BAD_REQUEST' };
  if (isGraphqlRequest(request)) return null;
  const message = `path: expected /graphql, got ${JSON.stringify(pathOf(request))}`;
  return { status: 404, code: 'NOT_FOUND', message };
}

/** CORS does not hold for WebSockets, so the server checks the origin. */
function originRefusal(request: IncomingMessage, config: Config): UpgradeRefusal | null {
  if (isOriginAllowed(request, config)) return null;
  const message = 'origin: expected a page of this server, got another one; set PUBLIC_URL or ALLOWED_ORIGINS';
  return { status: 403, code: 'FORBIDDEN', message };
}

async function admit(socket: Socket, { pipeline, logger }: GraphqlWsParts, open: OpenSockets): Promise<boolean> {
  try {
    const { caller } = await pipeline.authorise(keyOf(socket));
    open.add(socket.extra.socket, caller);
    return true;
  } catch (error) {
    const { message, extensions } = pipeline.format(error);
    const code = CLOSE_CODES.get(extensions?.code) ?? INTERNAL_ERROR;
    const reason = `${String(extensions?.code)} ${String(extensions?.errorId ?? message)}`;
    closeSocket(socket.extra.socket, { code, reason }, logger);
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
  id: string,
  payload: Payload,
  state: SharedState,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { pipeline, admission } = state;
  const finish = pipeline.start();
  let report: OperationReport = {};
  const { address } = socket.extra.opening;
  const place = admission.enter(address);
  let operation: SocketOperation | null = null;
  const refuse = (errors: readonly GraphQLError[]) => {
    place?.leave();
    operation?.end();
    finish({ ...report, errors });
    return errors;
  };
  try {
    if (place === null) throw new OverloadedError(OVERLOADED_MESSAGE);
    operation = state.operations.begin(socket, id);
    const context = await pipeline.authorise(keyOf(socket), operation.life, address);
    state.rate.spend(context.caller, address);
    await startWithin(operation.life.signal, place);
    const prepared = pipeline.prepare(payload);
    report = { operation: prepared.operation, requestId: context.requestId };
    if (prepared.errors.length > 0) return refuse(prepared.errors);
    if (prepared.document && prepared.operation?.operation === 'subscription') {
      checkSubscriptionSize(payload, prepared.document);
      operation.countAsSubscription();
    }
    const args = pipeline.argumentsOf(prepared, context);
    state.running.set(args, { operation, address, place, finish: (more) => finish({ ...report, ...more }) });
    return args;
  } catch (error) {
    return refuse([toGraphQLError(error)]);
  }
}

/** @throws {CancelledError} When nobody waits for the operation any more. */
async function startWithin(life: AbortSignal, place: Place): Promise<void> {
  life.throwIfAborted();
  const leave = () => place.leave();
  life.addEventListener('abort', leave);
  // An operation that has started keeps its place until it has ended.
  await place.start().finally(() => life.removeEventListener('abort', leave));
}

function keyOf({ connectionParams, extra }: Socket): string | undefined {
  const { authorization } = extra.opening;
  if (!(authorization instanceof UnauthenticatedError)) return authorizationOfSocket(connectionParams, authorization);
  // A proxy in front may have a key of its own, beside that of the socket.
  const ofParams = authorization instanceof MisplacedKeyError && authorizationOfSocket(connectionParams, undefined);
  if (ofParams) return ofParams;
  throw authorization;
}

function authorizationIn(request: IncomingMessage): string | UnauthenticatedError | undefined {
  try {
    return authorizationOf(request);
  } catch (error) {
    return error as UnauthenticatedError;
  }
}

/** A subscription that is open has no errors yet. */
function errorsOf(result: OperationResult): OperationReport {
  return 'errors' in result ? { errors: result.errors } : {};
}
