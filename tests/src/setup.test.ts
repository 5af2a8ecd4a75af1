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
});
