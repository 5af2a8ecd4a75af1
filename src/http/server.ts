/** Opens the port: GraphQL over HTTP and WebSocket at /graphql, tools for agents at /mcp, health, metrics and the console at /. */
import type { Server } from 'node:http';

import type { ApolloServer } from '@apollo/server';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import { Answers } from '../api/answers';
import { endWithOperation } from '../api/deadline';
import { RequestLimits } from '../api/limits';
import type { Config } from '../config';
import { PublicError } from '../errors';
import { answerMcp } from '../mcp/server';
import { onlyFor } from './access';
import { Admission, type OperationContext } from './admission';
import type { App, TrainerApp } from './app';
import { callerAddresses } from './caller-address';
import { consoleRoutes } from './console';
import { createApollo, graphqlRoute } from './graphql-route';
import { createHttpServer, listen, untilQuiet, urlOf } from './listen';
import { measured } from './metrics';
import { refuseForeignNames } from './own-names';
import { contextOf, refuse, requestSteps, type RequestStepParts } from './request-steps';
import { healthRoutes, metricsRoute, type Phase } from './routes';
import { serveWebSockets } from './websocket';

export interface RunningServer {
  /** For example `http://localhost:4000`. */
  readonly url: string;
  /** Says from now on that it is not ready, and goes on answering what comes. Ends when nobody has come for a while. */
  retire(): Promise<void>;
  /** Takes no more requests, waits for running ones, closes the sockets, then disposes of the app. */
  close(): Promise<void>;
}

/**
 * Opens the port, then starts the app.
 *
 * @throws {Error} When the port is taken or the app cannot start; the app is disposed of then.
 */
export async function startServer(app: App, config: Config): Promise<RunningServer> {
  const { schema, logger, metrics } = app;
  const { limits } = config;
  endWithOperation(schema);
  const server = createHttpServer(limits);
  const life = lifeOf(server);
  const answers = new Answers(logger, limits, metrics.observe);
  const requestLimits = new RequestLimits(schema, limits);
  const apollo = createApollo({ server, schema, logger, limits, requestLimits, answers });
  await apollo.start();
  const { maxOperations, maxCallerRate } = limits;
  const admission = new Admission({ app, maxOperations, maxCallerRate, onRefusal: metrics.refused });
  server.on('connection', () => admission.connected());
  measured(
    metrics.registry,
    'tigerql_operations_in_flight',
    'Operations that were let in and have not ended.',
    () => admission.inFlight,
  );
  const addressOf = callerAddresses(config.trustedProxies);
  server.on('request', routes({ app, config, apollo, addressOf, admission, answers, phase: life.phase }));
  const stop = async () => {
    admission.dispose();
    await apollo.stop();
    await app.dispose();
  };
  await listen(server, config).catch((error: unknown) => stop().then(() => Promise.reject(error)));
  const sockets = serveWebSockets({
    ...{ server, config, limits, schema, logger, metrics, admission, requestLimits, answers, addressOf },
    isCurrent: (caller) => app.isCurrent(caller),
  });
  const close = async () => {
    await Promise.all([sockets.dispose(), stop()]);
  };
  await app.start().catch((error: unknown) => close().then(() => Promise.reject(error)));
  return { url: urlOf(server, config), ...life.started(close) };
}

/** The phase that a server tells while it starts and ends. */
function lifeOf(server: Server) {
  let phase: Phase = 'starting';
  let closing: Promise<void> | null = null;
  const quiet = untilQuiet(server);
  return {
    phase: () => phase,
    started(close: () => Promise<void>): Pick<RunningServer, 'retire' | 'close'> {
      phase = null;
      return {
        retire() {
          phase = 'shutting down';
          return quiet();
        },
        close() {
          phase = 'shutting down';
          return (closing ??= close());
        },
      };
    },
  };
}

interface RouteParts extends Omit<RequestStepParts, 'afterAdmission'> {
  readonly apollo: ApolloServer<OperationContext>;
  readonly app: App;
  readonly phase: () => Phase;
}

function routes(parts: RouteParts): Express {
  const { app, config, addressOf, admission, answers, phase } = parts;
  const allow = onlyFor(app);
  const routes = plainExpress();
  // First of all, so that a server with too much work still says soon that it is alive.
  routes.use(healthRoutes(app, phase));
  // Before what costs time, so that a refusal costs little.
  const admitted = { ...parts, afterAdmission: [securityHeaders(config), compression()] };
  routes.all('/graphql', graphqlRoute(admitted));
  routes.all('/mcp', mcpRoute(admitted));
  routes.use(securityHeaders(config));
  routes.use(compression());
  routes.use(async (request, _response, next) => {
    await admission.spend(addressOf(request));
    next();
  });
  routes.use(refuseForeignNames(config));
  routes.use(metricsRoute(app, allow));
  routes.use(consoleRoutes(app.schema, allow));
  routes.use(notFound('one that is answered here, such as POST /graphql'));
  routes.use(answerFailures(answers));
  return routes;
}

/** The same schema for agents: each tool that they call is an operation. */
function mcpRoute(parts: RequestStepParts & Pick<RouteParts, 'apollo' | 'config'>): RequestHandler[] {
  const { apollo, config } = parts;
  const answer: RequestHandler = async (request, response) => {
    const contextValue = contextOf(response);
    const origin = config.publicUrls[0] ?? `http://${request.headers.host}`;
    await answerMcp(request, response, {
      caller: contextValue.caller,
      links: { console: (path) => `${origin}${path}` },
      async run(query, variables) {
        const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
        if (body.kind !== 'single') throw new Error(`operation: expected one answer, got ${body.kind}`);
        return body.singleResult;
      },
    });
  };
  return [...requestSteps(parts, ['POST']), answer];
}

/**
 * Opens the port of a process that only trains: it answers health and metrics alone. Then starts the app.
 *
 * @throws {Error} As `startServer`.
 */
export async function startTrainerServer(app: TrainerApp, config: Config): Promise<RunningServer> {
  const server = createHttpServer(config.limits);
  const life = lifeOf(server);
  const routes = plainExpress();
  routes.use(healthRoutes(app, life.phase));
  routes.use(refuseForeignNames(config));
  routes.use(metricsRoute(app, onlyFor(app)));
  routes.use(notFound('GET /health/live, /health/ready or /metrics'));
  routes.use(answerFailures(new Answers(app.logger, config.limits, app.metrics.observe)));
  server.on('request', routes);
  const close = async () => {
    server.close();
    await app.dispose();
    server.closeAllConnections();
  };
  const start = async () => {
    await listen(server, config);
    await app.start();
  };
  await start().catch((error: unknown) => close().then(() => Promise.reject(error)));
  return { url: urlOf(server, config), ...life.started(close) };
}

function plainExpress(): Express {
  const routes = express();
  routes.disable('x-powered-by');
  routes.enable('case sensitive routing');
  routes.disable('etag'); // no answer of the API may be cached
  return routes;
}

/** Express would answer with a page. */
function notFound(expected: string): RequestHandler {
  return ({ method, path }) => {
    throw new PublicError('NOT_FOUND', `request: expected ${expected}, got ${method} ${JSON.stringify(path)}`, 404);
  };
}

/** Answers requests that do not reach Apollo, as GraphQL does. Express would show the stack of an error. */
function answerFailures(answers: Answers): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    refuse(request, response, answers.refusal(error));
  };
}

/**
 * The page loads nothing but pictures of items from other servers and runs no inline script. TLS is the work of a proxy, so HTTPS is not
 * asked for here.
 */
function securityHeaders({ imageOrigins }: Pick<Config, 'imageOrigins'>): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", ...imageOrigins],
        fontSrc: ["'self'"],
        workerSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}
