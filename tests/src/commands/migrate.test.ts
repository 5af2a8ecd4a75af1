import { openCommandFolder } from '../../support/command-run';

describe('tigerql migrate', () => {
  const { run, dispose } = openCommandFolder();
  afterAll(dispose);

  it('makes the database, and prints one JSON document when asked to', async () => {
    const { code, stdout, stderr } = await run(['migrate', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { provider, migrations } = JSON.parse(stdout);
    expect(provider).toBe('sqlite');
    expect(migrations[0]).toMatch(/_init$/);
  });

  it('prints the same migrations for people when the database is up to date', async () => {
    const { code, stdout } = await run(['migrate']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The sqlite database is up to date:\n {2}\d{14}_init\n/);
  });
});
