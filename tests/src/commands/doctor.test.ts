import { openCommandFolder } from '../../support/command-run';

describe('tigerql doctor', () => {
  const { run } = openCommandFolder();

  it('names the device that is taken, and fails when the one that TIGER_BACKEND names does not work', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    const { device, devices } = JSON.parse(stdout) as {
      device: string;
      devices: { kind: string; works: boolean }[];
    };
    expect([code, device]).toEqual([0, devices.find(({ works }) => works)!.kind]);
    const broken = devices.find(({ works }) => !works)!.kind; // no machine has all of them
    const other = await run(['doctor'], { TIGER_BACKEND: broken });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain(`TIGER_BACKEND ${broken}: expected a device that works, got none`);
    expect(other.stdout).toContain('Devices, best first');
  });
});
