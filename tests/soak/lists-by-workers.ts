/**
 * How many lists a second a server makes with one, two, … decode workers, up to the cores of the machine: with models of three sizes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { cpuSeconds } from '../support/process-cpu';
import { RequestLoad } from '../support/request-load';
import { startServerProcess } from '../support/server-process';
import { openTrainedShop } from '../support/trained-shop';
import { QUERY } from './decode-overload';

/** Enough to keep every worker busy. */
const CLIENTS = 32;
const WARM_UP_SECONDS = 4;

/** @param count - Seconds of each measurement. */
export async function run(count: number): Promise<void> {
  for (const preset of ['tiny', 'demo', 'base']) await measurePreset(preset, count);
}

async function measurePreset(preset: string, seconds: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-lists-'));
  try {
    await openTrainedShop(dir, preset);
    for (let workers = 1; workers <= availableParallelism(); workers++) {
      console.log(JSON.stringify({ preset, workers, ...(await measure(dir, workers, seconds)) }));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, workers: number, seconds: number) {
  const server = await startServerProcess(dir, {
    LOG_LEVEL: 'error',
    TIGERQL_DECODE_WORKERS: String(workers),
    TIGERQL_MAX_CALLER_RATE: '1000000',
  });
  try {
    const load = new RequestLoad(server.url, QUERY, CLIENTS);
    await load.closed(WARM_UP_SECONDS);
    const cpuBegin = await cpuSeconds(server.url);
    const { codes, seconds: took } = await load.closed(seconds);
    const lists = codes.get('ok') ?? 0;
    const cpuMs = (1000 * ((await cpuSeconds(server.url)) - cpuBegin)) / lists;
    return { listsPerSecond: Math.round(lists / took), cpuMsPerList: Number(cpuMs.toFixed(2)) };
  } finally {
    await server.stop();
  }
}
