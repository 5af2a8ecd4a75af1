/** The shop of examples/storefront before a served little shop. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { type ConsoleShop, openConsoleShop } from './console-shop';
import { mutateWith } from './trained-shop';

export interface Storefront extends ConsoleShop {
  readonly storefrontUrl: string;
}

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const OPEN = /The shop is open at (\S+)/;

/** @returns Both, when the storefront is built and open. Its three users are those of the little shop. */
export async function openStorefront(): Promise<Storefront> {
  const tokens = { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue', ALLOWED_ORIGINS: '*' };
  const shop = await openConsoleShop(tokens);
  const { secret } = await mutateWith(shop.admin)('create-api-key', { name: 'storefront', role: 'WRITER' });
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'examples', 'storefront', 'start.mjs')], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      SHOP_PORT: '0',
      SHOP_USERS: 'user-0:Ann,user-1:Bob,user-2:Cat',
      TIGERQL_URL: shop.url,
      TIGERQL_KEY: secret,
      TIGERQL_JWT_SECRET: SECRET,
    },
  });
  const exited = once(child, 'exit');
  let output = '';
  const storefrontUrl = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString();
        const url = OPEN.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    child.once('exit', () => reject(new Error(`storefront: expected it to open, got\n${output}`)));
  });
  return {
    ...shop,
    storefrontUrl,
    async dispose() {
      child.kill();
      await exited;
      await shop.dispose();
    },
  };
}
