/** `tigerql serve`: runs the server until a signal ends it. The first start also loads the demo shop and trains its model. */
import { once } from 'node:events';

import { presetConfig } from '../../models/config';
import { createApp, type TigerApp } from '../app';
import type { Config, ReadAccess } from '../config';
import { prepareDemoShop } from '../datasets/demo-shop';
import { openWritableFolder } from '../files/disk';
import { checkAddress } from '../http/listen';
import { startTrainerServer, startServer } from '../http/server';
import { endAfter, MAX_END_MS } from '../process/stop-signals';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { createTrainerApp } from '../trainer-app';
import { storeJob } from '../training/job-row';
import { pause } from '../waiting/polling';
import { CommandError, withProgress, type AddCommand, type CommandEnvironment } from './command';
import { withDatabase } from './open-services';
import { followJob } from './progress';

const LIFE_LOOK_MS = 1_000;
const LOST = 'database: it has lost changes that this server had followed; the server has ended: start it anew';

export const addServe: AddCommand = (program, environment) => {
  program
    .command('serve')
    .description('serve the API; loads the demo shop and trains its model when the database is empty (TIGERQL_DEMO)')
    .action(() => serve(environment, environment.config()));
};

async function serve(environment: CommandEnvironment, config: Config): Promise<void> {
  await checkAddress(config);
  await openWritableFolder(config.dataDir, 'DATA_DIR');
  try {
    await (config.role === 'train' ? runTrainer(environment, config) : runServer(environment, config));
  } catch (error) {
    if (error !== environment.signal.reason) throw error; // A signal while the demo shop is loaded ends the server as any other.
  }
}

/** A process that only trains: it waits for jobs. */
async function runTrainer(environment: CommandEnvironment, config: Config): Promise<void> {
  const { signal, stdout } = environment;
  const server = await startTrainerServer(await createTrainerApp(config), config);
  stdout.write(`tigerql is ready at ${server.url} (it trains; TIGERQL_ROLE=train)\nCtrl-C stops it.\n`);
  if (!signal.aborted) await once(signal, 'abort');
  stdout.write('Stopping: a running training goes on in another process, or at the next start.\n');
  await server.retire();
  await inTime(() => server.close(), environment, config);
}

async function runServer(caller: CommandEnvironment, config: Config): Promise<void> {
  const lost = new AbortController();
  const environment = { ...caller, signal: AbortSignal.any([caller.signal, lost.signal]) };
  const { signal, stdout } = environment;
  if (config.demo) await withDatabase(config, (database) => loadDemo(environment, database));
  const app = await createApp(config);
  const server = await startServer(app, config);
  showAdminKey(await app.openAdminKey(), stdout);
  stdout.write(`${welcome(server.url, await app.readAccess())}\n`);
  const background = Promise.all([watchTraining(app, environment), watchLife(app, lost, signal)]);
  if (!signal.aborted) await once(signal, 'abort');
  stdout.write('Stopping: running requests finish first.\n');
  await server.retire();
  await inTime(() => Promise.all([server.close(), background]), environment, config);
  if (lost.signal.aborted) throw new CommandError(LOST);
}

/** A supervisor, such as systemd or Docker, starts a process anew that has ended, and does not look whether it lives. */
async function watchLife(app: TigerApp, lost: AbortController, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (!app.live()) lost.abort();
    await pause(LIFE_LOOK_MS, signal);
  }
}

/** Ends the process when a stop takes too long. */
async function inTime(stop: () => Promise<unknown>, { stderr }: CommandEnvironment, { limits }: Config): Promise<void> {
  const end = endAfter(limits.shutdownGraceMs + MAX_END_MS, (text) => stderr.write(text));
  await stop().finally(() => clearTimeout(end));
}

/** Shows the key at once, because only its hash is stored. */
function showAdminKey(secret: string | null, stdout: NodeJS.WritableStream): void {
  if (secret !== null) stdout.write(`Admin key  ${secret}  (shown only this once: keep it)\n`);
}

function loadDemo(environment: CommandEnvironment, database: Database): Promise<boolean> {
  const job = {
    preset: 'demo',
    config: presetConfig('demo', { kinds: environment.config().kinds }),
    tokenizerId: null,
    activateWhenBetter: true,
  };
  const requestTraining = (transaction: Transaction) => storeJob(transaction, job);
  return withProgress(environment, 'Loading the demo shop', ({ update: onProgress }) =>
    prepareDemoShop(database, { signal: environment.signal, onProgress, requestTraining }),
  );
}

/** Watches the newest training, whichever process runs it. Never rejects. */
async function watchTraining(app: TigerApp, { stdout, stderr, signal }: CommandEnvironment): Promise<void> {
  try {
    const id = await unfinishedJob(app);
    if (id === null) return;
    stdout.write('A model is being trained in the background. Until it is ready, lists show popular items.\n');
    const job = await followJob(app.trainingJobs, id, stderr, signal);
    const version = job.modelVersionId === null ? null : await app.models.version(job.modelVersionId);
    stdout.write(
      version === null
        ? `Training ${job.status.toLowerCase()}${job.error === null ? '' : `: ${job.error}`}\n`
        : `Model version ${version.number} is ${version.status === 'ACTIVE' ? 'active: it makes the lists now' : 'trained'}.\n`,
    );
  } catch (error) {
    if (!signal.aborted)
      app.logger.error({ err: error }, 'The progress of the training cannot be shown. The training goes on.');
  }
}

async function unfinishedJob({ trainingJobs }: TigerApp): Promise<number | null> {
  const newest = await trainingJobs.jobs({ first: 1, after: null }, null);
  const job = newest.edges[0]?.node;
  return job !== undefined && job.finishedAt === null ? job.id : null;
}

const OPEN_QUERY =
  '{ users(first: 1) { nodes { recommendations(first: 3) { nodes { score source item { title } } } } } }';
/** It needs no key, unless all reading does. */
const CATALOGUE_QUERY = '{ items(first: 1) { nodes { title similarItems(first: 3) { nodes { title } } } } }';

function welcome(url: string, access: ReadAccess): string {
  const header = access === 'key' ? " -H 'authorization: Bearer KEY'" : '';
  const body = JSON.stringify({ query: access === 'open' ? OPEN_QUERY : CATALOGUE_QUERY });
  return [
    `tigerql is ready at ${url}`,
    `GraphQL    ${url}/graphql  (HTTP and WebSocket)`,
    `Try        open ${url} in a browser`,
    `or         curl ${url}/graphql -H 'content-type: application/json'${header} -d '${body}'`,
    'Ctrl-C stops it.',
  ].join('\n');
}
