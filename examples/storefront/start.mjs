/**
 * Opens the shop, and a tigerql server with the demo shop beside it: `npm run example`.
 *
 * With TIGERQL_URL, TIGERQL_KEY (of role WRITER) and TIGERQL_JWT_SECRET it opens before a server that runs elsewhere, which has the
 * shop's address in ALLOWED_ORIGINS.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'vite';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');
const { env } = process;
/** The database, the model and the keys of the server. */
const DATA = env.SHOP_DATA ?? join(ROOT, 'data', 'example');

env.NODE_ENV ??= 'production';
env.SHOP_URL ??= `http://localhost:${env.SHOP_PORT ?? 3000}`;
const options = { configFile: join(HERE, 'vite.config.mjs'), logLevel: 'error' };
await build(options);
await build({ ...options, build: { ssr: true } });
if (env.TIGERQL_URL === undefined) Object.assign(env, await startServer());
const { startShop } = await built('server');
console.log(`The shop is open at ${await startShop()}`);

function built(name) {
  return import(pathToFileURL(join(HERE, 'dist', 'server', `${name}.js`)).href);
}

/** @returns What the shop has to know of the server. */
async function startServer() {
  const secrets = readSecrets();
  const environment = {
    ...env,
    DATABASE_URL: `file:${join(DATA, 'shop.db')}`,
    DATA_DIR: DATA,
    TIGERQL_DEMO: 'false',
    TIGERQL_ADMIN_KEY: secrets.adminKey,
    TIGERQL_JWT_SECRET: secrets.tokenSecret,
    ALLOWED_ORIGINS: env.SHOP_URL,
    TIGERQL_IMAGE_ORIGINS: env.SHOP_URL,
  };
  await importDemoShop(environment);
  const server = spawn(process.execPath, [join(ROOT, 'dist', 'src', 'main.js'), 'serve'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  process.once('exit', () => server.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill());
  server.once('exit', (code) => process.exit(code ?? 0));
  const url = await ready(server.stdout);
  const ask = (query, variables) => graphql(url, secrets.adminKey, query, variables);
  secrets.shopKey ??= await newKey(ask);
  writeSecrets(secrets);
  await train(ask);
  console.log(`The console is at ${url}; its key is ${secrets.adminKey}`);
  return { TIGERQL_URL: url, TIGERQL_KEY: secrets.shopKey, TIGERQL_JWT_SECRET: secrets.tokenSecret };
}

function readSecrets() {
  mkdirSync(DATA, { recursive: true });
  const file = join(DATA, 'secrets.json');
  const made = () => randomBytes(24).toString('base64url');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { adminKey: made(), tokenSecret: made() + made() };
}

function writeSecrets(secrets) {
  writeFileSync(join(DATA, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
}

/** Imports it once. An import that was cut off goes on. */
async function importDemoShop(environment) {
  const folder = join(DATA, 'shop');
  if (existsSync(join(folder, 'imported'))) return;
  const { writeDemoShop } = await built('demo-shop');
  writeDemoShop(join(ROOT, 'seeds', 'online-retail'), folder, env.SHOP_URL);
  const main = join(ROOT, 'dist', 'src', 'main.js');
  const importing = spawn(process.execPath, [main, 'import', folder], { env: environment, stdio: 'inherit' });
  const [code] = await once(importing, 'exit');
  if (code !== 0) process.exit(code ?? 1);
  writeFileSync(join(folder, 'imported'), '');
}

/** Shows what the server says, and waits until it is ready. @returns Its address. */
function ready(output) {
  return new Promise((resolve) => {
    output.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      const address = /tigerql is ready at (\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

async function graphql(url, key, query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function newKey(ask) {
  const mutation = 'mutation { createApiKey(input: { name: "storefront", role: WRITER }) { secret } }';
  return (await ask(mutation)).createApiKey.secret;
}

/** Requests the first training. Until it ends, lists show popular items. */
async function train(ask) {
  const { trainingJobs } = await ask('{ trainingJobs(first: 1) { nodes { id } } }');
  if (trainingJobs.nodes.length > 0) return;
  await ask('mutation { startTraining(input: { preset: DEMO, activateWhenBetter: true }) { userErrors { message } } }');
  console.log('A model is being trained, for some minutes. Until it is ready, all shoppers see the same lists.');
}
