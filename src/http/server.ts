/** Opens the port: GraphQL over HTTP and WebSocket at /graphql, health, metrics and the console at /. */
import type { RequestListener, Server } from 'node:http';

import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import type { Context } from '../../graphql/context';
import { createOperationPipeline, type OperationPipeline } from '../api/operation-pipeline';
import { createFaultExplainer } from '../api/passing-faults';
import { readTrustedDocuments, type TrustedDocuments } from '../api/trusted-documents';
import type { Config } from '../config';
import type { PublicCode } from '../errors';
import { Admission } from './admission';
import { sendNotFound, type Step } from './answers';
import type { App, TrainerApp } from './app';
import { BuiltConsole } from './built-console';
import { type AddressOf, callerAddresses } from './caller-address';
import { type CallerRate, createCallerRate } from './caller-rate';
import { endStalled, limitConnections } from './connection-limits';
import { answerUnreadable, graphqlOverHttp, isGraphqlRequest, refuseForeignNames } from './graphql-http';
import { graphqlOverWebSocket } from './graphql-ws';
import { healthRoutes, metricsRoute, type Phase } from './health';
import { listen, urlOf } from './listen';
import type { Metrics } from './metrics';
import { onlyFor } from './only-for';
import { type OpenConnections, watchConnections } from './open-connections';
import { pipelinePlugin } from './pipeline-plugin';
import { staticFiles } from './static-files';
import { createHttpServer, takeRequests } from './take-requests';
import { UnsentAnswers } from './unsent-answers';

/** For ever: after a short grace, Apollo would end no connection if the event loop is busy when the server begins to stop. */
const APOLLO_WAITS_MS = 2 ** 31 - 1;

export interface RunningServer {
  /** Such as `http://localhost:4000`. */
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
  const server = createHttpServer(config.limits);
  const { metrics } = app;
  const trusted = await trustedDocuments(app, config);
  const admission = new Admission(config.limits);
  const observe: Metrics['observe'] = (operation, outcome, seconds) => {
    // A list was refused. Anybody may ask for one subscription too many.
    if (operation === 'query' && outcome === ('OVERLOADED' satisfies PublicCode)) admission.overloaded();
    metrics.observe(operation, outcome, seconds);
  };
  const pipeline = createOperationPipeline({ app, limits: config.limits, trusted, observe });
  const apollo = createApollo({ app, server, pipeline });
  const entry: Entry = {
    admission,
    rate: createCallerRate(config.limits.maxCallerRate),
    unsent: new UnsentAnswers(config.limits),
    addressOf: callerAddresses(config.trustedProxies),
  };
  await apollo.start();
  const connections = watchConnections(server);
  const life = lifeOfServer(connections);
  limitConnections(server, config);
  server.on('connection', () => entry.admission.connected());
  takeRequests(server, app, config.limits, routes({ app, config, apollo, pipeline, entry, phase: life.phase }));
  try {
    await listen(server, config);
  } catch (error) {
    await apollo.stop();
    await app.dispose();
    throw error;
  }
  // There is no await since the port opened, so that no socket comes before its server listens.
  const sockets = graphqlOverWebSocket({ server, config, pipeline, metrics, logger: app.logger, ...entry });
  const close = async () => {
    const grace = setTimeout(() => connections.end(), config.limits.shutdownGraceMs);
    await Promise.all([sockets.dispose(), apollo.stop()]).finally(() => clearTimeout(grace));
    await app.dispose();
  };
  try {
    await app.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: urlOf(server, config), ...life.started(close) };
}

/** What a server says of itself while it starts and ends. */
function lifeOfServer({ quiet }: OpenConnections) {
  let phase: Phase = 'starting';
  let closing: Promise<void> | null = null;
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

/**
 * Opens the port of a process that only trains: it answers health and metrics alone. Then starts the app.
 *
 * @throws {Error} As `startServer`.
 */
export async function startTrainerServer(app: TrainerApp, config: Config): Promise<RunningServer> {
  const server = createHttpServer(config.limits);
  const connections = watchConnections(server);
  const life = lifeOfServer(connections);
  const routes = express();
  routes.disable('x-powered-by');
  routes.use(healthRoutes(app, life.phase));
  routes.use(refuseForeignNames(config));
  routes.use(metricsRoute(app, { waiting: 0 }, onlyFor(app)));
  routes.use(notFound('GET /health/live, /health/ready or /metrics'));
  routes.use(answerFailures(app));
  limitConnections(server, config);
  takeRequests(server, app, config.limits, routes);
  const close = async () => {
    server.close();
    server.closeIdleConnections();
    await app.dispose();
    connections.end();
  };
  try {
    await listen(server, config);
    await app.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: urlOf(server, config), ...life.started(close) };
}

/** @throws {ConfigError} When they cannot be used; the app is disposed of then. */
async function trustedDocuments(app: App, { trustedDocuments }: Config): Promise<TrustedDocuments | null> {
  try {
    if (trustedDocuments === undefined) return null;
    const built = new BuiltConsole();
    return readTrustedDocuments(trustedDocuments, app.schema, (sha256) => built.document(sha256));
  } catch (error) {
    await app.dispose();
    throw error;
  }
}

/** What decides whether a request or a socket may come in, and its answer go out. Both protocols share it. */
interface Entry {
  readonly admission: Admission;
  readonly rate: CallerRate;
  readonly unsent: UnsentAnswers;
  readonly addressOf: AddressOf;
}

interface ApolloParts {
  readonly app: App;
  readonly server: Server;
  readonly pipeline: OperationPipeline;
}

function createApollo({ app, server, pipeline }: ApolloParts): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema: app.schema,
    introspection: true,
    formatError: pipeline.formatError,
    // The pipeline keeps the documents.
    documentStore: null,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // The caller of startServer decides what a signal does.
    stopOnTerminationSignals: false,
    logger: app.logger,
    plugins: [
      pipelinePlugin(pipeline),
      ApolloServerPluginLandingPageDisabled(),
      // Else it visits every field of an answer, although no answer may be cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: APOLLO_WAITS_MS }),
    ],
  });
}

interface RouteParts {
  readonly app: App;
  readonly config: Config;
  readonly apollo: ApolloServer<Context>;
  readonly pipeline: OperationPipeline;
  readonly entry: Entry;
  readonly phase: () => Phase;
}

function routes({ app, config, apollo, pipeline, entry, phase }: RouteParts): RequestListener {
  const headers = securityHeaders();
  const allow = onlyFor({ callerOf: (authorization) => app.createContext(authorization) });
  const graphql = graphqlOverHttp({ app, config, apollo, pipeline, securityHeaders: headers, ...entry });
  const others: Express = express();
  others.disable('x-powered-by');
  others.use(spendRate(entry));
  others.use(healthRoutes(app, phase));
  others.use(headers);
  others.use(refuseForeignNames(config));
  others.use(metricsRoute(app, entry.admission, allow));
  others.use(staticFiles(app.schema, allow));
  others.use(notFound('one that is answered here, such as POST /graphql'));
  others.use(answerFailures(app));
  return (request, response) => {
    if (isGraphqlRequest(request)) return graphql(request, response);
    endStalled(response, config);
    others(request, response);
  };
}

/** Express would answer with a page. */
function notFound(expected: string): RequestHandler {
  return (request, response) => sendNotFound(request, response, expected);
}

/** Express would show the stack of an error. */
function answerFailures(app: Pick<App, 'logger'>): ErrorRequestHandler {
  const explain = createFaultExplainer(app.logger);
  return (error, _request, response, _next) => answerUnreadable(app, response, explain(error));
}

const HEALTH: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);

/** Other requests than operations count for the caller's address. Health checks count for nobody: they may come from a busy address. */
function spendRate({ rate, addressOf }: Entry): RequestHandler {
  return (request, _response, next) => {
    if (!HEALTH.has(request.path)) rate.spend(null, addressOf(request));
    next();
  };
}

/** The page loads nothing from other servers and runs no inline script. TLS is the work of a proxy, so HTTPS is not asked for here. */
function securityHeaders(): Step {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
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
