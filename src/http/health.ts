/** The routes that tell operators whether the server lives, whether it is ready, and its metrics. */
import type { ServerResponse } from 'node:http';

import { Router } from 'express';

import type { Admission } from './admission';
import type { App } from './app';
import type { OnlyFor } from './only-for';

/** Exactly these paths: a proxy that keeps `/metrics` inside may let `/METRICS` and `/metrics/` through. */
const EXACT = { caseSensitive: true, strict: true };

/** Answers without Express: a server with too much work must still say soon that it is alive. */
export function answerLive(response: ServerResponse, isLive: boolean): void {
  const body = JSON.stringify({ live: isLive });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
  response.writeHead(isLive ? 200 : 503, headers).end(body);
}

/** Why a server is not ready whatever its database says; null: it may be. */
export type Phase = 'starting' | 'shutting down' | null;

export function healthRoutes(app: Pick<App, 'live' | 'ready'>, phase: () => Phase): Router {
  const routes = Router(EXACT);
  routes.get('/health/live', (_request, response) => answerLive(response, app.live()));
  routes.get('/health/ready', async (_request, response) => {
    const reason = phase();
    const { ready, reasons } = reason === null ? await app.ready() : { ready: false, reasons: [reason] };
    response.status(ready ? 200 : 503).json({ ready, reasons });
  });
  return routes;
}

export function metricsRoute(
  app: Pick<App, 'metrics' | 'measure'>,
  admission: Pick<Admission, 'waiting'>,
  allow: OnlyFor,
): Router {
  const routes = Router(EXACT);
  routes.get('/metrics', allow('ADMIN'), async (_request, response) => {
    const { metrics } = app;
    const now = { ...(await app.measure()), waitingOperations: admission.waiting };
    response.type(metrics.contentType).send(await metrics.text(now));
  });
  return routes;
}
