/** A server on 100,000 items is ready in seconds and small at rest. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Claim } from '../claim';
import { askForTen } from '../graphql-client';
import { startServerProcess } from '../server-process';

export const readyLarge: Claim = {
  name: 'ready-100k',
  what: 'from the start of the process to /health/ready with 100,000 items and a model',
  unit: 's',
  limits: [{ on: 'ours', atMost: 3 }],
  shop: 'large',
  measure: async (shopDir) => {
    const server = await startServerProcess(shopDir);
    try {
      await askForTen(server.url, 0);
      return { value: server.readyMs / 1000 };
    } finally {
      await server.stop();
    }
  },
  peer: { kind: 'none' },
};

/** Time for what the start left behind to be collected. */
const REST_MS = 5000;
const REQUESTS = 50;

export const memoryLarge: Claim = {
  name: 'server-memory-100k',
  what: 'resident memory of that server at rest, after its first requests',
  unit: 'MB',
  limits: [{ on: 'ours', atMost: 600 }],
  shop: 'large',
  measure: async (shopDir) => {
    const server = await startServerProcess(shopDir);
    try {
      const atReadyMb = await server.rssMb();
      for (let user = 0; user < REQUESTS; user++) await askForTen(server.url, user);
      await pause(REST_MS);
      return { value: await server.rssMb(), notes: { atReadyMb } };
    } finally {
      await server.stop();
    }
  },
  peer: { kind: 'none' },
};
