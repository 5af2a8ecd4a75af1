import { end, useLittleCheckout } from '../../support/little-checkout';

const checkout = useLittleCheckout();

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
