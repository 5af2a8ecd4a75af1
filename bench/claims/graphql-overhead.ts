/** The time that HTTP, GraphQL and the database add to the worker's own time. */
import { join } from 'node:path';

import { BEAM_WIDTH } from '../../models/config';
import { KIND_RULES } from '../../models/data/kinds';
import { DecodePool } from '../../src/recommend/decode-pool';
import { recipientOf } from '../../src/recommend/list-reads';
import { modelToLoad } from '../../src/semantic-ids/code-table';
import { openDatabase, type Database } from '../../src/storage/database';
import { RequestReads } from '../../src/storage/request-reads';
import { decodeWorkerPlan } from '../../src/workers/machine-share';
import type { RecommendOne, DecodeProtocol, DecodeWorkerData } from '../../src/workers/messages';
import { spawnWorker, type WorkerClient } from '../../src/workers/spawn-worker';
import type { Claim, Figures } from '../claim';
import { askForTen } from '../graphql-client';
import { median, timed } from '../harness';
import { withServer, type ServedShop } from '../served-shop';
import { userIdOf } from '../shop-address';

const WARM_UP = 30;
const REQUESTS = 200;
const USERS = 500;

export const graphqlOverhead: Claim = {
  name: 'graphql-overhead',
  what: "a request for one user's ten items over the same work asked of the worker directly, p50",
  unit: 'ms',
  limits: [{ on: 'difference', atMost: 2 }],
  shop: 'large',
  measure: (shopDir) => withServer(shopDir, measure),
  peer: { kind: 'beside' },
};

/** Requests and direct calls alternate. Each pair is for another user. */
async function measure({ url, config }: ServedShop): Promise<Figures> {
  const database = await openDatabase(config.databaseUrl, config.database);
  // As many threads as a decode worker of the server has.
  const { threads } = decodeWorkerPlan(config.backend, config.decodeWorkers);
  const data: DecodeWorkerData = { backend: config.backend, threads };
  const worker = spawnWorker<DecodeProtocol>('decode', data);
  const [requests, direct]: [number[], number[]] = [[], []];
  try {
    await loadModel(worker, database, config.dataDir);
    for (let call = 0; call < WARM_UP + REQUESTS; call++) {
      const user = await workOf(database, call % USERS);
      const times = [await timed(() => askForTen(url, call % USERS)), await timed(() => askWorker(worker, user))];
      if (call < WARM_UP) continue;
      requests.push(times[0].ms);
      direct.push(times[1].ms);
    }
  } finally {
    await worker.dispose();
    await database.dispose();
  }
  return { value: median(requests), peer: median(direct) };
}

function askWorker(worker: WorkerClient<DecodeProtocol>, user: RecommendOne): Promise<unknown> {
  return worker.call({ type: 'recommend', users: [user] });
}

/** Loads the model as the server does at the start. */
async function loadModel(worker: WorkerClient<DecodeProtocol>, database: Database, dataDir: string): Promise<void> {
  const version = await database.read.modelVersion.findFirstOrThrow({ include: { tokenizer: true } });
  const model = await modelToLoad(database, version);
  await new DecodePool([worker]).load({ ...model, checkpointDir: join(dataDir, model.checkpointDir) });
}

/** @returns The request that the server sends to its worker when this user asks. */
async function workOf({ read, hotPath }: Database, user: number): Promise<RecommendOne> {
  const { id } = await read.user.findUniqueOrThrow({ where: { externalId: userIdOf(user) } });
  const recipient = recipientOf((await new RequestReads(hotPath).histories([id])).get(id), KIND_RULES);
  return {
    userKey: recipient.userKey,
    history: recipient.history,
    times: recipient.times,
    kinds: recipient.kinds,
    counts: recipient.counts,
    at: Date.now(),
    first: 10,
    beamWidth: BEAM_WIDTH,
    temperature: 0,
    seed: 0,
    allow: null,
    deny: Int32Array.from(recipient.seen),
    isSeenKept: false,
  };
}
