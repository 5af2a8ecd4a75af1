import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { end, useLittleCheckout } from '../../support/little-checkout';

const checkout = useLittleCheckout();

describe('the build of the console', () => {
  it('serves on when the console cannot be built, and says why', async () => {
    await checkout.allowBuild();
    await writeFile(join(checkout.dir, 'broken'), '');
    const run = checkout.setup('--run', 'serve');
    await Promise.all([run.says('serving'), run.says('web/src/main.tsx: expected a brace')]);
    expect(run.child.exitCode).toBeNull();
    await rm(join(checkout.dir, 'broken'));
    await end(checkout.setup('--rebuild').child);
    expect(await checkout.page()).toBe('page');
  });

  it('builds anew after a build that was killed, and shows none of what that left', async () => {
    await mkdir(join(checkout.dir, 'dist', 'web-next'), { recursive: true });
    const lock = join(checkout.dir, 'dist', '.console.lock');
    await writeFile(lock, '');
    await utimes(lock, 1, 1);
    await checkout.allowBuild();
    const run = checkout.setup();
    await end(run.child);
    expect([run.child.exitCode, await checkout.page()]).toEqual([0, 'page']);
    expect((await readdir(join(checkout.dir, 'dist'))).sort()).toEqual(['.stamp', 'src', 'web']);
  });
});
