/** Each program of examples/clients against a real server, with the packages that its users install. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SignJWT } from 'jose';

import { PACKAGE_ROOT } from '../../src/paths';
import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { openTrainedShop } from '../support/trained-shop';

const CLIENTS = join(PACKAGE_ROOT, 'examples', 'clients');
const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const areInstalled = existsSync(join(CLIENTS, 'node_modules', 'relay-compiler'));
if (!areInstalled) console.warn('Apollo Client, urql and Relay are not tested: npm ci --prefix examples/clients');

const dir = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  await openTrainedShop(dir);
  server = await startServerProcess(dir, { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue' });
}, 120_000);
afterAll(() => server.stop());

const run = async (command: string, args: string[]) => {
  const token = new SignJWT({ vis: 'ann' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m');
  const env = {
    ...process.env,
    TIGERQL_URL: server.url,
    TIGERQL_TOKEN: await token.sign(new TextEncoder().encode(SECRET)),
  };
  return (await promisify(execFile)(command, args, { cwd: CLIENTS, env })).stdout;
};

const PROGRAMS = [
  { name: 'curl', command: 'sh', args: ['curl.sh'] },
  { name: 'apollo', command: process.execPath, args: ['apollo.js'] },
  { name: 'urql', command: process.execPath, args: ['urql.js'] },
  { name: 'relay', command: 'npm', args: ['run', 'relay'] },
];

it.each(PROGRAMS.filter(({ name }) => name === 'curl' || areInstalled))(
  'gets a list by $name, and reports on it',
  async ({ name, command, args }) => {
    expect(await run(command, args)).toMatch(/Item \d+.*recorded"?: ?1/s);
    const { placements } = (await testClient(server.url, ADMIN_KEY).execute(OPERATIONS.placements)).expectData();
    const placement = placements.find((each: { name: string }) => each.name === `example/${name}`);
    expect(placement.figures).toMatchObject([{ lists: 1 }]);
  },
);
