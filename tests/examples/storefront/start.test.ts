/** `npm run example` on its own: it imports its demo shop, starts the server beside it, and opens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../src/paths';
import { temporaryFolder } from '../../support/temporary-folder';
import { until } from '../../support/until';

const dir = temporaryFolder();
let child: ChildProcess;
afterAll(async () => {
  child.kill();
});

it('opens with the demo shop, and ends with its server', async () => {
  child = spawn(process.execPath, [join(PACKAGE_ROOT, 'examples', 'storefront', 'start.mjs')], {
    env: {
      ...process.env,
      ...{ NODE_ENV: 'production', SHOP_DATA: dir, SHOP_PORT: '0', PORT: '0', HOST: '127.0.0.1' },
      TIGERQL_ROLE: 'serve', // the training that it requests takes minutes
    },
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const address = (line: string) => new RegExp(`${line} (\\S+)`).exec(output)?.[1];
  await until(() => address('The shop is open at') !== undefined || child.exitCode !== null);
  const home = await (await fetch(address('The shop is open at')!)).text();
  expect(home.match(/<article class="card">/g)).toHaveLength(24); // 12 for you and 12 for Christmas
  const kitchen = await fetch(`${address('The shop is open at')}/items?category=Kitchen+%26+baking&design=Retrospot`);
  expect(await kitchen.text()).toMatch(/Retrospot(<!-- -->)? <span>\d+<\/span>/);
  child.kill();
  await exited;
  await expect(fetch(`${address('tigerql is ready at')}/health/live`)).rejects.toThrow();
}, 240_000);
