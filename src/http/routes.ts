/** The routes that tell operators whether the server lives, whether it is ready, and its metrics. */
import { Router } from 'express';

import type { OnlyFor } from './access';
import type { App } from './app';

/** Exactly these paths: a proxy that keeps `/metrics` inside may let `/METRICS` and `/metrics/` through. */
const EXACT = { caseSensitive: true, strict: true };

/** Why a server is not ready whatever its database says; null: it may be. */
export type Phase = 'starting' | 'shutting down' | null;

export function healthRoutes(app: Pick<App, 'live' | 'ready'>, phase: () => Phase): Router {
  const routes = Router(EXACT);
  routes.get('/health/live', (_request, response) => {
    const live = app.live();
    response.status(live ? 200 : 503).json({ live });
  });
  routes.get('/health/ready', async (_request, response) => {
    const reason = phase();
    const { ready, reasons } = reason === null ? await app.ready() : { ready: false, reasons: [reason] };
    response.status(ready ? 200 : 503).json({ ready, reasons });
  });
  return routes;
}

export function metricsRoute({ metrics: { registry } }: Pick<App, 'metrics'>, allow: OnlyFor): Router {
  const routes = Router(EXACT);
  routes.get('/metrics', allow('READER'), async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return routes;
}
