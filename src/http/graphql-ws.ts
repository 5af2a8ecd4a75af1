/** The WebSocket door: graphql-ws behind the same guards, masking and keys as HTTP. */
import type { IncomingMessage, Server } from 'node:http';

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
  validate,
} from 'graphql';
import type { Context as SocketContext, OperationResult, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import type { Context } from '../../graphql/context';
import type { Guards } from '../api/guards';
import type { Config } from '../config';
import { type FormatError, PublicError } from '../errors';
import type { App } from './app';
import type { Metrics } from './metrics';

/** Longest message; what is longer belongs into an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Close codes that clients take as final: they do not try again with the same key. */
const UNAUTHENTICATED = 4401;
const INTERNAL_ERROR = 4500;
/** A close frame has room for this. */
const MAX_REASON_BYTES = 123;

export interface SocketDoorParts {
  readonly server: Server;
  readonly app: App;
  readonly config: Config;
  readonly guards: Guards;
  readonly formatError: FormatError;
  readonly metrics: Metrics;
}
type Socket = SocketContext<{ authorization?: unknown } | undefined, Extra>;

/** @returns A door whose `dispose` sends 1001 to every socket. */
export function openSocketDoor(parts: SocketDoorParts): { dispose(): Promise<void> } {
  const { formatError } = parts;
  const timer = createTimer(parts.metrics);
  const door = useServer<{ authorization?: unknown } | undefined>(
    {
      connectionInitWaitTimeout: parts.config.limits.socketInitTimeoutMs,
      onConnect: (socket) => admit(socket, parts),
      onSubscribe: async (socket, _id, payload) => timer.begin(await prepare(socket, payload, parts)),
      onOperation: (_socket, _id, _payload, args, result) => timer.end(args, result),
      onNext: (_socket, _id, _payload, args, result) => withNotes(result, args, formatError),
      onError: (_socket, _id, _payload, errors) => errors.map((error) => format(error as GraphQLError, formatError)),
      // Else graphql-ws shows the messages of unexpected errors in close frames.
      isProd: true,
    },
    listen(parts),
  );
  return { dispose: async () => door.dispose() };
}

function listen({ server, config, metrics }: SocketDoorParts): WebSocketServer {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    verifyClient: ({ req }, answer) =>
      isOriginAllowed(req, config.allowedOrigins) ? answer(true) : answer(false, 403, 'Origin not allowed'),
  });
  sockets.on('connection', (socket) => {
    metrics.openSockets.inc();
    socket.once('close', () => metrics.openSockets.dec());
  });
  return sockets;
}

/** Browsers name the page that opens a socket, and no CORS keeps it from doing so; other programs name none. */
function isOriginAllowed({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

async function admit(socket: Socket, { app, formatError }: SocketDoorParts): Promise<boolean> {
  try {
    await app.createContext(authorizationOf(socket));
    return true;
  } catch (error) {
    const { message, extensions } = format(toGraphQLError(error), formatError);
    const code = extensions?.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : INTERNAL_ERROR;
    const reason = `${String(extensions?.code)} ${String(extensions?.errorId ?? message)}`;
    socket.extra.socket.close(code, reason.slice(0, MAX_REASON_BYTES));
    return false;
  }
}

/** The key is looked up anew for each operation, so that a revoked one ends at once on open sockets as well. */
async function prepare(
  socket: Socket,
  payload: SubscribePayload,
  { app, guards, config }: SocketDoorParts,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    const { maxSocketOperations } = config.limits;
    const open = Object.keys(socket.subscriptions).length;
    if (open > maxSocketOperations) {
      return [
        new PublicError('TOO_MANY_OPERATIONS', `operations: expected at most ${maxSocketOperations} a socket`, 429),
      ];
    }
    const document = parseGuarded(payload.query, guards);
    const invalid = validate(app.schema, document).map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
    const { operationName, variables } = payload;
    const refusals = invalid.length > 0 ? invalid : guards.check({ document, operationName, variables });
    if (refusals.length > 0) return refusals;
    const contextValue = await app.createContext(authorizationOf(socket));
    return { schema: app.schema, document, operationName, variableValues: variables, contextValue };
  } catch (error) {
    return [toGraphQLError(error)];
  }
}

function parseGuarded(query: string, { parseOptions }: Guards): DocumentNode {
  try {
    return parse(query, parseOptions);
  } catch (error) {
    throw coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
}

function authorizationOf({ connectionParams }: Socket): string | undefined {
  const value = connectionParams?.authorization;
  return value === undefined || value === null ? undefined : String(value);
}

function coded({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('failed', { originalError: error instanceof Error ? error : new Error(String(error)) });
}

function withNotes(result: ExecutionResult, { contextValue }: ExecutionArgs, formatError: FormatError) {
  const { notes } = contextValue as Context;
  const errors = result.errors?.map((error) => format(error, formatError));
  const extensions = { ...result.extensions, ...Object.fromEntries(notes) };
  return { ...result, ...(errors && { errors }), ...(notes.size > 0 && { extensions }) };
}

/** `extensions.http` is for the other door. */
function format(error: GraphQLError, formatError: FormatError): GraphQLFormattedError {
  const extensions = { ...error.extensions };
  delete extensions.http;
  return formatError({ ...error.toJSON(), extensions }, error);
}

function createTimer(metrics: Metrics) {
  const begins = new WeakMap<object, number>();
  return {
    begin<T extends ExecutionArgs | readonly GraphQLError[]>(prepared: T): T {
      if (Array.isArray(prepared)) metrics.observe('invalid', String(prepared[0].extensions.code), 0);
      else begins.set(prepared, performance.now());
      return prepared;
    },
    end(args: ExecutionArgs, result: OperationResult): void {
      const seconds = (performance.now() - (begins.get(args) ?? performance.now())) / 1000;
      const error = 'errors' in result ? result.errors?.[0] : undefined;
      const outcome = error ? String(error.extensions.code ?? 'INTERNAL_SERVER_ERROR') : 'ok';
      metrics.observe(getOperationAST(args.document, args.operationName)?.operation ?? 'invalid', outcome, seconds);
    },
  };
}
