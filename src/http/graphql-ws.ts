/** GraphQL over WebSocket: graphql-ws speaks the protocol, the operation pipeline does the rest. */
import type { Server } from 'node:http';

import { type ExecutionArgs, type GraphQLError } from 'graphql';
import type { Context as SocketContext, OperationResult, SubscribePayload } from 'graphql-ws';
import { WebSocketServer } from 'ws';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, OperationReport } from '../api/operation-pipeline';
import type { Config } from '../config';
import { PublicError, toGraphQLError } from '../errors';
import type { Logger } from '../logger';
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
/** A close frame has room for this. */
const MAX_REASON_BYTES = 123;

export interface GraphqlWsParts {
  readonly server: Server;
  readonly config: Config;
  readonly pipeline: OperationPipeline;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
type Socket = SocketContext<Record<string, unknown> | undefined, SocketExtra>;
/** Ends the clock of an operation; see `OperationPipeline.start`. */
type Finish = (report: OperationReport) => void;

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function graphqlOverWebSocket(parts: GraphqlWsParts): { dispose(): Promise<void> } {
  const { config, pipeline } = parts;
  /** Of the operations that are being started. */
  const running = new WeakMap<ExecutionArgs, Finish>();
  const open = watchSockets(pipeline.isCurrent, (socket) =>
    socket.close(UNAUTHENTICATED, 'UNAUTHENTICATED authorization: the key or token of this socket has ended'),
  );
  const connections = serveSockets<Record<string, unknown> | undefined>(
    {
      connectionInitWaitTimeout: config.limits.socketInitTimeoutMs,
      onConnect: (socket) => admit(socket, pipeline, open),
      onSubscribe: (socket, _id, payload) => prepare(socket, payload, parts, running),
      onOperation: (_socket, _id, _payload, args, result) => running.get(args)?.(errorsOf(result)),
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

function listen({ server, config, metrics }: GraphqlWsParts): WebSocketServer {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    // CORS does not hold for WebSockets, so the server checks the origin.
    verifyClient: ({ req }, answer) =>
      isOriginAllowed(req, config) ? answer(true) : answer(false, 403, 'Origin not allowed; see PUBLIC_URL'),
  });
  sockets.on('connection', (socket) => {
    metrics.openSockets.inc();
    socket.once('close', () => metrics.openSockets.dec());
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
    const code = extensions?.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : INTERNAL_ERROR;
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
  { query, operationName, variables, ...rest }: SubscribePayload & { readonly documentId?: unknown },
  { pipeline, config }: GraphqlWsParts,
  running: WeakMap<ExecutionArgs, Finish>,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const finish = pipeline.start();
  try {
    checkOpenOperations(socket, config);
    const context = await pipeline.authorise(authorizationOf(socket));
    const prepared = pipeline.prepare({ query, operationName, variables, ...rest });
    if (prepared.errors.length > 0) {
      finish({ operation: prepared.operation, errors: prepared.errors, requestId: context.requestId });
      return prepared.errors;
    }
    const args = pipeline.argumentsOf(prepared, context);
    running.set(args, (report) => finish({ operation: prepared.operation, requestId: context.requestId, ...report }));
    return args;
  } catch (error) {
    const errors = [toGraphQLError(error)];
    finish({ errors });
    return errors;
  }
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
