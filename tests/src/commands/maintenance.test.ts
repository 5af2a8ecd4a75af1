import { openCommandFolder } from '../../support/command-run';

describe('tigerql migrate', () => {
  const { run } = openCommandFolder();

  it('makes the database, and prints one JSON document when asked to', async () => {
    const { code, stdout, stderr } = await run(['migrate', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { provider, migrations } = JSON.parse(stdout);
    expect(provider).toBe('sqlite');
    expect(migrations[0]).toMatch(/_init$/);
  });
});

describe('tigerql prune', () => {
  const { run } = openCommandFolder();

  it('says when there is nothing to remove', async () => {
    await run(['migrate']);
    expect(await run(['prune', '--keep', '3'])).toMatchObject({ code: 0, stdout: 'There was no version to remove.\n' });
  });

  it.each([[[]], [['--keep', '0']]])('refuses to guess what to keep: %j', async (args) => {
    expect(await run(['prune', ...args])).toMatchObject({ code: 2, stdout: '' });
  });
});
