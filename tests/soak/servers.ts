/**
 * Three servers on one PostgreSQL, under mixed load, while servers are killed and PostgreSQL restarts. Afterwards
 * nothing that was acknowledged is lost, the counts and the lists of every server are those of the database, and no list is of two
 * versions.
 */
import { setTimeout } from 'node:timers/promises';

import { createRandom } from '../../models/math/random';
import { currentVersion } from '../../src/storage/change-log-reads';
import { type Database, openDatabase } from '../../src/storage/database';
import { testClient, type TestClient } from '../support/graphql-client';
import { Ledger } from '../support/ledger';
import { WRITERS } from '../support/ledger-writers';
import { littleInteractions, littleItems } from '../support/little-shop';
import { wrongPrefixes } from '../support/prefix-counts';
import { type ServerFleet, startFleet } from '../support/server-fleet';
import { ADMIN_KEY } from '../support/server-process';
import { mixedLists, type SeenList, seeList } from '../support/swap-load';
import { type Mutate, mutateWith, type Payload, train } from '../support/trained-shop';

const SERVERS = 3;
const READERS = 4;
const USERS = 40;
const CONVERGENCE_CHANGES = 60;
const LOAD_LIMITS = { TIGERQL_MAX_CALLER_RATE: '1000000', DATABASE_POOL_SIZE: '5' };
/** Trainings have a soak of their own. */
const CATALOGUE_WRITERS = WRITERS.filter(({ name }) => name !== 'startAndCancel');

/** The server's `Retry-After`. */
const RETRY_AFTER_MS = 1_000;

const MAX_FAILED_SHARE = 0.01;

/** How often a client that follows `Retry-After` sends one operation. */
const MAX_ATTEMPTS = 5;
/** Figures so far are printed at these intervals. */
const REPORT_EVERY_MS = 10_000;

/** Codes of answers after which the same request may succeed. A broken connection says so too. */
const RETRYABLE = new Set([
  'OVERLOADED',
  'DATABASE_UNAVAILABLE',
  'SERVER_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'NO ANSWER',
]);

/** @param count - Seconds of chaos. */
export async function run(count: number): Promise<void> {
  const fleet = await startFleet(SERVERS, LOAD_LIMITS);
  try {
    const ledger = await fill(fleet);
    const heard = await convergence(fleet, ledger);
    const load = new Load(fleet, ledger);
    const chaos = await wreak(fleet, load, count);
    const figures = {
      proxy: fleet.hasProxy,
      seconds: count,
      ...chaos,
      heard,
      ...(await findings(fleet, ledger, load)),
    };
    console.log(JSON.stringify(figures, null, 2));
    check(figures);
  } finally {
    await fleet.dispose();
  }
}

async function fill(fleet: ServerFleet): Promise<Ledger> {
  const admin = testClient(fleet.urls[0], ADMIN_KEY);
  const mutate = mutateWith(admin);
  await mutate('upsert-items', { items: littleItems() });
  await mutate('record-interactions', { interactions: littleInteractions(USERS) });
  await train(admin, { preset: 'TINY' });
  const ledger = new Ledger();
  await ledger.begin(admin);
  return ledger;
}

interface Convergence {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long after its answer a change of the first server reaches a subscriber of the last one. */
async function convergence({ urls }: ServerFleet, ledger: Ledger): Promise<Convergence> {
  const itemId = ledger.itemIds.get('item-0');
  const mutate = mutateWith(testClient(urls[0], ADMIN_KEY));
  const changes = testClient(urls[SERVERS - 1], ADMIN_KEY).subscribe('subscription { catalogueChanges { version } }');
  const answeredAt = new Map<number, number>();
  const heardAt = new Map<number, number>();
  const hearing = (async () => {
    while (heardAt.size < CONVERGENCE_CHANGES) {
      const { version } = (await changes.next()).data.catalogueChanges;
      heardAt.set(version, performance.now());
    }
  })();
  await setTimeout(500); // until the subscription is open
  for (let n = 0; n < CONVERGENCE_CHANGES; n++) {
    const { catalogueVersion } = await mutate('update-items', { items: [{ itemId, price: n }] });
    answeredAt.set(catalogueVersion, performance.now());
    await setTimeout(50 * Math.random());
  }
  await hearing;
  await changes.dispose();
  const times = [...answeredAt].map(([version, at]) => Math.max(0, heardAt.get(version)! - at)).sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))]);
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Clients that write and ask, and what they were answered. */
class Load {
  readonly lists: SeenList[] = [];
  /** Failed requests by operation and code. */
  readonly failures = new Map<string, number>();
  requests = 0;
  /** An operation is sent again when it fails. */
  operations = 0;
  givenUp = 0;
  private isDone = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly fleet: ServerFleet,
    ledger: Ledger,
  ) {
    const writers = CATALOGUE_WRITERS.map((write) => this.untilDone(() => write(ledger, this.mutate)));
    const readers = Array.from({ length: READERS }, (_, reader) => this.read(reader));
    this.running = [...writers, ...readers];
  }

  async end(): Promise<void> {
    this.isDone = true;
    await Promise.all(this.running);
  }

  /** Each request counts, those too that repeat one that has failed. */
  get figures() {
    const failed = [...this.failures.values()].reduce((sum, count) => sum + count, 0);
    return {
      requests: this.requests,
      failed,
      failedShare: failed / this.requests,
      failures: Object.fromEntries(this.failures),
      operations: this.operations,
      givenUp: this.givenUp,
      lists: this.lists.length,
    };
  }

  private readonly mutate: Mutate = (operation, input) =>
    this.repeated(operation, (client) => mutateWith(client)(operation, input) as Promise<Payload>);

  private async read(reader: number): Promise<void> {
    let n = reader;
    await this.untilDone(async () => {
      const user = `user-${n++ % USERS}`;
      await this.repeated('list', (visitor) => seeList({ visitor }, user, this.lists));
    });
  }

  private async untilDone(work: () => Promise<unknown>): Promise<void> {
    while (!this.isDone) {
      await work().catch(() => undefined); // counted already
      await setTimeout(20 * Math.random());
    }
  }

  private async repeated<T>(operation: string, work: (client: TestClient) => Promise<T>): Promise<T> {
    this.operations++;
    for (let attempt = 1; ; attempt++) {
      this.requests++;
      try {
        return await work(testClient(this.fleet.entry(), ADMIN_KEY));
      } catch (error) {
        const code = codeOf(error as Error);
        // A server that has no model yet gives popular items, which have no codes.
        if (code === 'POPULAR ITEMS') throw error;
        this.count(`${operation}: ${code}`);
        if (attempt === MAX_ATTEMPTS) this.givenUp++;
        if (attempt === MAX_ATTEMPTS || !RETRYABLE.has(code)) throw error;
        await setTimeout(RETRY_AFTER_MS);
      }
    }
  }

  private count(failure: string): void {
    this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1);
  }
}

function codeOf(error: Error): string {
  if (/fetch failed|terminated/.test(error.message)) return 'NO ANSWER';
  if (/expected items|modelVersion|reading 'number'/.test(error.message)) return 'POPULAR ITEMS';
  const code = /"code":"(\w+)"/.exec(error.message)?.[1];
  if (code !== undefined) return code;
  return error.message.slice(0, 200);
}

interface Chaos {
  readonly serverKills: number;
  readonly postgresRestarts: number;
}

async function wreak(fleet: ServerFleet, load: Load, seconds: number): Promise<Chaos> {
  const random = createRandom(1);
  const end = performance.now() + seconds * 1_000;
  const chaos = { serverKills: 0, postgresRestarts: 0 };
  const report = setInterval(() => console.log(JSON.stringify({ ...chaos, ...load.figures })), REPORT_EVERY_MS);
  for (let n = 0; performance.now() < end; n++) {
    await setTimeout(1_000 + 2_000 * random.next());
    if (n % 4 === 2) {
      await fleet.postgres.restart();
      chaos.postgresRestarts++;
    } else {
      await fleet.killAndRestart(Math.floor(SERVERS * random.next()));
      chaos.serverKills++;
    }
  }
  clearInterval(report);
  await load.end();
  return chaos;
}

async function findings({ postgres, urls }: ServerFleet, ledger: Ledger, { lists, figures }: Load) {
  const database = await openDatabase(postgres.url);
  try {
    const [lost, wrong] = [await ledger.lostIn(database), await wrongPrefixes(database)];
    const outOfStep = [];
    for (const url of urls) if (!(await isInStep(url, database, postgres.url))) outOfStep.push(url);
    return {
      acknowledged: ledger.acknowledged,
      refused: ledger.refused,
      lost,
      wrongPrefixes: wrong,
      serversOutOfStep: outOfStep,
      listsOfTwoVersions: (await mixedLists(postgres.url, lists)).length,
      ...figures,
    };
  } finally {
    await database.dispose();
  }
}

const MAX_LAG_MS = 10_000;

/** Whether a server, after a while, makes lists of the newest version with exactly the codes that are stored. */
async function isInStep(url: string, database: Database, databaseUrl: string): Promise<boolean> {
  const visitor = testClient(url, ADMIN_KEY);
  const version = await currentVersion(database.read);
  for (const deadline = performance.now() + MAX_LAG_MS; performance.now() < deadline; await setTimeout(100)) {
    const lists: SeenList[] = [];
    for (let user = 0; user < USERS; user++) await seeList({ visitor }, `user-${user}`, lists).catch(() => undefined);
    if (lists.length === USERS && lists.every(({ catalogueVersion }) => catalogueVersion === version)) {
      return (await mixedLists(databaseUrl, lists)).length === 0;
    }
  }
  return false;
}

type Figures = Awaited<ReturnType<typeof findings>>;

function check(figures: Figures): void {
  const { lost, wrongPrefixes: wrong, serversOutOfStep, listsOfTwoVersions, failedShare } = figures;
  const final = Object.keys(figures.failures).filter((failure) => !RETRYABLE.has(failure.split(': ')[1]));
  const faults = [
    ...lost.map((each) => `lost ${each}`),
    ...wrong.map((each) => `wrong count at ${each}`),
    ...serversOutOfStep.map((each) => `out of step: ${each}`),
    ...(listsOfTwoVersions > 0 ? [`${listsOfTwoVersions} lists of two versions`] : []),
    ...(failedShare > MAX_FAILED_SHARE ? [`${(100 * failedShare).toFixed(1)} % of the requests failed`] : []),
    ...final.map((failure) => `${failure}, which does not say that it may be tried again`),
  ];
  if (faults.length > 0) throw new Error(`servers: expected none of these\n${faults.join('\n')}`);
}
