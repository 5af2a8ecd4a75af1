import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';

import type { Readiness } from '../../../src/http/app';
import { createMetrics } from '../../../src/http/metrics';
import { healthRoutes, metricsRoute, type Phase } from '../../../src/http/routes';

let isLive: boolean;
let readiness: Readiness;
let phase: Phase;
let server: Server;
let url: string;

beforeEach(async () => {
  isLive = true;
  readiness = { ready: true, reasons: [] };
  phase = null;
  const app = {
    live: () => isLive,
    ready: async () => readiness,
    metrics: createMetrics(),
  };
  const routes = [healthRoutes(app, () => phase), metricsRoute(app, () => (_request, _response, next) => next())];
  server = createServer(express().use(...routes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function ask(path: string) {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

describe('healthRoutes', () => {
  it('says that the server lives and is ready', async () => {
    expect(await ask('/health/live')).toEqual({ status: 200, body: { live: true } });
    expect(await ask('/health/ready')).toEqual({ status: 200, body: { ready: true, reasons: [] } });
  });

  it('answers 503 with the reason when the app is not ready; the server still lives', async () => {
    readiness = { ready: false, reasons: ['database: unreachable'] };
    expect(await ask('/health/ready')).toEqual({ status: 503, body: readiness });
    expect(await ask('/health/live')).toMatchObject({ status: 200 });
  });

  it('answers 503 when only a new process heals it', async () => {
    isLive = false;
    expect(await ask('/health/live')).toEqual({ status: 503, body: { live: false } });
  });

  it('is not ready before its start has ended', async () => {
    phase = 'starting';
    expect(await ask('/health/ready')).toEqual({ status: 503, body: { ready: false, reasons: ['starting'] } });
    expect(await ask('/health/live')).toMatchObject({ status: 200 });
  });

  it('is not ready while the server shuts down', async () => {
    phase = 'shutting down';
    const body = { ready: false, reasons: ['shutting down'] };
    expect(await ask('/health/ready')).toEqual({ status: 503, body });
  });
});

describe('metricsRoute', () => {
  it('gives the metrics in the format of Prometheus', async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('tigerql_open_sockets 0');
  });
});
