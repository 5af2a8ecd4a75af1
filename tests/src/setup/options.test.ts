import { end, useLittleCheckout } from '../../support/little-checkout';

const checkout = useLittleCheckout();

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
