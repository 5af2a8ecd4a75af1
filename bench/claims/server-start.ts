/** A server with 100,000 items is ready within seconds and needs little memory at rest. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Claim } from '../claim';
import { askForTen } from '../graphql-client';
import { withServerProcess } from '../served-shop';

export const readyLarge: Claim = {
  name: 'ready-100k',
  what: 'from the start of the process to /health/ready with 100,000 items and a model with item head',
  unit: 's',
  limits: [{ on: 'ours', atMost: 3 }],
  shop: 'large',
  measure: (shopDir) =>
    withServerProcess(shopDir, async ({ url, readyMs }) => {
      await askForTen(url, 0);
      return { value: readyMs / 1000 };
    }),
  peer: { kind: 'none' },
};

/** Time for the garbage collector to free what the start left behind. */
const REST_MS = 5000;
const REQUESTS = 50;

export const memoryLarge: Claim = {
  name: 'server-memory-100k',
  what: 'resident memory of that server at rest, after its first requests',
  unit: 'MB',
  limits: [{ on: 'ours', atMost: 600 }],
  shop: 'large',
  measure: (shopDir) =>
    withServerProcess(shopDir, async ({ url, rssMb }) => {
      const atReadyMb = await rssMb();
      for (let user = 0; user < REQUESTS; user++) await askForTen(url, user);
      await pause(REST_MS);
      return { value: await rssMb(), notes: { atReadyMb } };
    }),
  peer: { kind: 'none' },
};
