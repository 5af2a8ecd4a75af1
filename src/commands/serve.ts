/** `tigerql serve`: runs the server until a signal ends it. The first start also loads the demo shop and trains its model. */
import { once } from 'node:events';

import { createApp, type TigerApp } from '../app';
import type { Config, ReadAccess } from '../config';
import { completeDemoShop, prepareDemoShop } from '../datasets/demo-shop';
import { checkAddress, startServer } from '../http/server';
import { startTracing } from '../start-tracing';
import { openWritableFolder } from '../writable-folder';
import { withProgress, type AddCommand, type CommandEnvironment } from './command';
import { followJob } from './follow-job';
import { openConfigured } from './open-configured';
import { adminKeyNotice } from './with-app';

export const addServe: AddCommand = (program, environment) => {
  program
    .command('serve')
    .description('serve the API; loads the demo shop and trains its model when the database is empty (TIGERQL_DEMO)')
    .action(() => serve(environment, environment.config()));
};

async function serve(environment: CommandEnvironment, config: Config): Promise<void> {
  const { signal, stdout } = environment;
  await checkAddress(config);
  openWritableFolder(config.dataDir, 'DATA_DIR');
  const demoAwaitsTraining = config.demo && (await loadDemo(environment, config));
  const tracing = await startTracing(config.traceEndpoint);
  const app = await createApp(config);
  const server = await startServer(app, config);
  stdout.write(`${welcome(server.url, app.newAdminKey, await app.readAccess())}\n`);
  const training = trainInBackground(app, demoAwaitsTraining ? config : null, environment);
  if (!signal.aborted) await once(signal, 'abort');
  stdout.write('Stopping: running requests finish first.\n');
  await server.close();
  await tracing.dispose();
  await training;
}

/** @returns Whether the model of the demo shop must be trained. */
async function loadDemo(environment: CommandEnvironment, config: Config): Promise<boolean> {
  const database = await openConfigured(config);
  try {
    return await withProgress(environment, 'Loading the demo shop', (progress) =>
      prepareDemoShop(database, config.dataDir, { signal: environment.signal, onProgress: progress.update }),
    );
  } finally {
    await database.dispose();
  }
}

/** Starts the training of the demo shop, or watches a training that an earlier process began. Never rejects. */
async function trainInBackground(
  app: TigerApp,
  demo: Config | null,
  { stdout, stderr, signal }: CommandEnvironment,
): Promise<void> {
  try {
    const id = demo === null ? await unfinishedJob(app) : await startDemoTraining(app, demo.dataDir);
    if (id === null) return;
    stdout.write('A model is being trained in the background. Until it is ready, lists show popular items.\n');
    const job = await followJob(app.trainingJobs, id, stderr, signal);
    const version = job.modelVersionId === null ? null : await app.models.version(job.modelVersionId);
    stdout.write(
      version === null
        ? `Training ${job.status.toLowerCase()}${job.error === null ? '' : `: ${job.error}`}\n`
        : `Model version ${version.number} is ${version.status === 'ACTIVE' ? 'live: it makes the lists now' : 'trained'}.\n`,
    );
  } catch (error) {
    if (!signal.aborted) app.logger.error({ err: error }, 'watching the training failed');
  }
}

async function startDemoTraining(app: TigerApp, dataDir: string): Promise<number | null> {
  const { job } = await app.trainingJobs.start({
    preset: 'demo',
    seed: null,
    reuseTokenizer: false,
    activateWhenBetter: true,
  });
  await completeDemoShop(dataDir);
  return job?.id ?? null;
}

async function unfinishedJob({ trainingJobs }: TigerApp): Promise<number | null> {
  const newest = await trainingJobs.jobs({ first: 1, after: null }, null);
  const job = newest.edges[0]?.node;
  return job !== undefined && job.finishedAt === null ? job.id : null;
}

/** What the caller of the sample may read. */
const SAMPLE_QUERIES: Readonly<Record<ReadAccess, string>> = {
  open: '{ users(first: 1) { nodes { recommendations(first: 3) { nodes { score source item { title } } } } } }',
  catalogue: '{ items(first: 1) { nodes { title similarItems(first: 3) { nodes { title } } } } }',
  key: '{ items(first: 1) { nodes { title similarItems(first: 3) { nodes { title } } } } }',
};

function welcome(url: string, adminKey: string | null, access: ReadAccess): string {
  const header = access === 'key' ? " -H 'authorization: Bearer KEY'" : '';
  const body = JSON.stringify({ query: SAMPLE_QUERIES[access] });
  return [
    `tigerql is ready at ${url}`,
    `GraphQL    ${url}/graphql  (HTTP and WebSocket)`,
    ...(adminKey === null ? [] : [adminKeyNotice(adminKey)]),
    `Try        open ${url} in a browser, or`,
    `           curl ${url}/graphql -H 'content-type: application/json'${header} -d '${body}'`,
    'Ctrl-C stops it.',
  ].join('\n');
}
