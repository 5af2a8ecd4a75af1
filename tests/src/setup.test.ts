import { spawnSync } from 'node:child_process';

import { PACKAGE_ROOT } from '../../src/paths';
import { end, useLittleCheckout } from '../support/little-checkout';

const checkout = useLittleCheckout();

describe('setup', () => {
  it('starts the program before the console is built, and builds nothing at the next start', async () => {
    const first = checkout.setup('--run', 'serve');
    await first.says('serving');
    await expect(checkout.page()).rejects.toThrow('ENOENT');
    await checkout.allowBuild();
    await first.says('The console is there.');
    await end(first.child);
    expect(await checkout.page()).toBe('page');
    const second = checkout.setup('--run', 'serve');
    await second.says('serving');
    await end(second.child);
    expect(await checkout.lines('builds')).toHaveLength(1);
  });

  it.each(['22.11.0', '23.11.0'])('ends Node %s before it installs anything', (node) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, 'src/setup.mjs', '--help'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: PACKAGE_ROOT, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`got ${node} at ${process.execPath}`)]);
  });
});

describe('alone', () => {
  it('builds once when two start at the same time', async () => {
    const runs = [checkout.setup('--run', 'serve'), checkout.setup('--run', 'serve')];
    await Promise.all(runs.map(({ says }) => says('serving')));
    await checkout.allowBuild();
    await Promise.race(runs.map(({ says }) => says('The console is there.')));
    await Promise.all(runs.map(({ child }) => end(child)));
    const last = checkout.setup();
    await end(last.child);
    expect(last.child.exitCode).toBe(0);
    expect(await checkout.lines('builds')).toHaveLength(1);
  });
});

describe('the options of the set-up', () => {
  it('are those before --run: what follows is for the program', async () => {
    const program = checkout.setup('--server', '--run', '--help');
    await program.says('serving');
    await end(program.child);
    const itself = checkout.setup('--help', '--run', 'serve');
    await itself.says('Installs, generates and compiles');
    await end(itself.child);
    expect([program.child.exitCode, itself.child.exitCode]).toEqual([0, 0]);
  });
});
