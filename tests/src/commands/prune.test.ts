import { openCommandFolder } from '../../support/command-run';

describe('tigerql prune', () => {
  const { run, dispose } = openCommandFolder();
  afterAll(dispose);

  it('says when there is nothing to remove', async () => {
    await run(['migrate']);
    expect(await run(['prune', '--keep', '3'])).toMatchObject({ code: 0, stdout: 'There was no version to remove.\n' });
  });

  it.each([[[]], [['--keep', '0']], [['--keep', 'all']]])('refuses to guess what to keep: %j', async (args) => {
    expect(await run(['prune', ...args])).toMatchObject({ code: 2, stdout: '' });
  });
});
