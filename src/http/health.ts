/** The routes that tell operators whether the server lives, whether it is ready, and its metrics. */
import { Router } from 'express';

import type { App } from './app';
import type { Metrics } from './metrics';
import type { OnlyFor } from './only-for';

export interface HealthParts {
  readonly app: Pick<App, 'ready'>;
  readonly metrics: Metrics;
  readonly isClosing: () => boolean;
  readonly allow: OnlyFor;
}

export function healthRoutes({ app, metrics, isClosing, allow }: HealthParts): Router {
  const routes = Router();
  routes.get('/health/live', (_request, response) => {
    response.json({ live: true });
  });
  routes.get('/health/ready', async (_request, response) => {
    const { ready, reasons } = isClosing() ? { ready: false, reasons: ['shutting down'] } : await app.ready();
    response.status(ready ? 200 : 503).json({ ready, reasons });
  });
  routes.get('/metrics', allow('ADMIN'), async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return routes;
}
