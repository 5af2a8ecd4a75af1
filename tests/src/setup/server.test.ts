import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { end, useLittleCheckout } from '../../support/little-checkout';

const checkout = useLittleCheckout();

/** Notes the schema that it would make a client of. */
const PRISMA = "require('node:fs').appendFileSync('clients', process.argv.at(-1).split('/').pop() + '\\n');";
describe('buildServer', () => {
  const setup = () => end(checkout.setup('--server').child);
  const write = async (path: string, text = '') => {
    await mkdir(dirname(join(checkout.dir, path)), { recursive: true });
    await writeFile(join(checkout.dir, path), text);
  };
  const compiled = async () =>
    (await readdir(join(checkout.dir, 'dist', 'src'))).filter((name) => /\.js$/.test(name) && name !== 'check-node.js');

  it('compiles anew only when a source has changed, and keeps nothing of a source that is gone', async () => {
    await setup();
    expect(await compiled()).toEqual(['main.js']);
    await rm(join(checkout.dir, 'src', 'main.ts'));
    await write('src/next.ts');
    await setup();
    expect(await compiled()).toEqual(['next.js']);
    await rm(join(checkout.dir, 'dist', 'src', 'next.js'));
    await setup();
    expect(await compiled()).toEqual([]);
  });

  it('generates the clients anew when the lock file has another Prisma', async () => {
    await write('node_modules/prisma/build/index.js', PRISMA);
    await write('prisma/schema.prisma');
    await setup();
    await write('package-lock.json', '{"packages":{"node_modules/prisma":{}}}');
    await setup();
    expect(await checkout.lines('clients')).toEqual(['schema.prisma', 'schema.prisma']);
  });

  it('compiles anew after a build that was cut off, also when the sources are again those of the build before', async () => {
    await setup();
    await write('src/main.ts', 'changed');
    const compiler = 'node_modules/@swc/core/index.js';
    await write(compiler.replace('index', 'kept'), await readFile(join(checkout.dir, compiler), 'utf8'));
    await write(compiler, 'process.exit(1);');
    const cut = checkout.setup('--server');
    await cut.says('Compiling failed');
    await end(cut.child);
    await rename(join(checkout.dir, compiler.replace('index', 'kept')), join(checkout.dir, compiler));
    await write('src/main.ts');
    await setup();
    expect(await compiled()).toEqual(['main.js']);
  });
});
