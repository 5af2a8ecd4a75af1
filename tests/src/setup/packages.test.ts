import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { end, useLittleCheckout } from '../../support/little-checkout';

const checkout = useLittleCheckout();

describe('installPackages', () => {
  it('installs what only the checks need when a check asks for it, and leaves in place what is there', async () => {
    await checkout.allowBuild();
    await end(checkout.setup('--server').child);
    await end(checkout.setup('--tests').child);
    await end(checkout.setup('--server').child);
    expect(await checkout.lines('npm-calls')).toEqual(['ci --workspaces=false', 'install --no-save']);
    expect(await checkout.lines('onnxruntime-installs')).toEqual(['skip', 'skip']); // so that nothing comes from api.nuget.org
  });

  it('installs anew after an install that failed, and says why it did', async () => {
    await rename(join(checkout.dir, 'bin', 'npm'), join(checkout.dir, 'bin', 'npm-that-works'));
    await writeFile(join(checkout.dir, 'bin', 'npm'), '#!/bin/sh\necho the lock file does not fit >&2; exit 1', {
      mode: 0o755,
    });
    const failing = checkout.setup('--server');
    await failing.says('the lock file does not fit');
    await end(failing.child);
    expect(failing.child.exitCode).toBe(1);
    await rename(join(checkout.dir, 'bin', 'npm-that-works'), join(checkout.dir, 'bin', 'npm'));
    await end(checkout.setup('--server').child);
    expect(await checkout.lines('npm-calls')).toEqual(['ci --workspaces=false']);
  });

  it('installs from nothing where the packages are those of another system', async () => {
    await end(checkout.setup('--server').child);
    const stamp = join(checkout.dir, 'node_modules', '.tigerql');
    const here = await readFile(stamp, 'utf8');
    expect(here).toContain(` server ${process.platform}-${process.arch}`);
    await writeFile(stamp, here.replace(/\S+$/, 'linux-x64-other'));
    await end(checkout.setup('--server').child);
    await end(checkout.setup('--server').child);
    expect(await checkout.lines('npm-calls')).toEqual(['ci --workspaces=false', 'ci --workspaces=false']);
  });
});
