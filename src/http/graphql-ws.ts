/** GraphQL over WebSocket: graphql-ws speaks the protocol, the operation pipeline does the rest. */
import type { IncomingMessage, Server } from 'node:http';

import { type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, type GraphQLError } from 'graphql';
import type { OperationResult, SubscribePayload } from 'graphql-ws';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, OperationReport } from '../api/operation-pipeline';
import type { Config } from '../config';
import { OverloadedError, toGraphQLError, UnauthenticatedError } from '../errors';
import type { Logger } from '../logger';
import { type Admission, OVERLOADED_MESSAGE, type Place } from './admission';
import { authorizationOf, MisplacedKeyError } from './authorization';
import type { AddressOf } from './caller-address';
import type { CallerRate } from './caller-rate';
import { EventQueues } from './event-queues';
import type { Metrics } from './metrics';
import { type OpenSockets, watchSockets } from './open-sockets';
import { closeSocket, serveSockets } from './serve-sockets';
import { authorizationOfSocket } from './socket-authorization';
import { type Socket, type SocketOperation, SocketOperations } from './socket-operations';
import { openSocketServer } from './socket-server';
import { checkSubscriptionSize } from './subscription-size';
import type { UnsentAnswers } from './unsent-answers';

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
  readonly address: string;
  /** Ends the clock; see `OperationPipeline.start`. */
  readonly finish: (report: OperationReport) => void;
  /** What is known of it by now. */
  report: OperationReport;
  place: Place | null;
  operation: SocketOperation | null;
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
    openSocketServer(parts),
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
  return result.finally(() => running.get(args)?.place?.leave());
}

async function subscribe(args: ExecutionArgs, { pipeline, running, eventQueues }: SharedState) {
  const { address = '' } = running.get(args) ?? {};
  return pipeline.subscribe(args, (run) => eventQueues.run(address, run));
}

function noteResult(running: Running | undefined, result: OperationResult): void {
  if (!running) return;
  running.finish({ ...running.report, ...errorsOf(result) });
  if (Symbol.asyncIterator in result) running.operation?.follow(result as AsyncIterator<unknown>);
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

/** @returns What is to be executed, or why the operation is refused. */
async function prepare(
  socket: Socket,
  id: string,
  payload: Payload,
  state: SharedState,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { address } = socket.extra.opening;
  const running: Running = { address, finish: state.pipeline.start(), report: {}, place: null, operation: null };
  const result = await letIn(socket, id, payload, { ...state, running }).catch((error: unknown) => [
    toGraphQLError(error),
  ]);
  if ('schema' in result) state.running.set(result, running);
  else endRefused(running, result);
  return result;
}

function endRefused({ place, operation, report, finish }: Running, errors: readonly GraphQLError[]): void {
  place?.leave();
  operation?.end();
  finish({ ...report, errors });
}

/**
 * Each operation authorises anew, so that a revoked key ends at once on open sockets too. What the operation holds by then is noted in
 * `running`, also when this throws.
 */
async function letIn(
  socket: Socket,
  id: string,
  payload: Payload,
  { pipeline, admission, operations, rate, running }: Omit<SharedState, 'running'> & { readonly running: Running },
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { address } = running;
  const place = (running.place = admission.enter(address));
  if (place === null) throw new OverloadedError(OVERLOADED_MESSAGE);
  const operation = (running.operation = operations.begin(socket, id));
  const context = await pipeline.authorise(keyOf(socket), operation.life, address);
  rate.spend(context.caller, address);
  await startWithin(operation.life.signal, place);
  const prepared = pipeline.prepare(payload);
  running.report = { operation: prepared.operation, requestId: context.requestId };
  if (prepared.errors.length > 0) return prepared.errors;
  if (prepared.document && prepared.operation?.operation === 'subscription') {
    checkSubscriptionSize(payload, prepared.document);
    operation.countAsSubscription();
  }
  return pipeline.argumentsOf(prepared, context);
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
