import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';

// Lists of a model are in tests/end-to-end/shutdown.test.ts.
describe('tigerql recommend', () => {
  const { dir, run, runJson } = openCommandFolder();
  beforeAll(async () => {
    writeLittleDataset(join(dir, 'dataset'));
    await runJson('import', join(dir, 'dataset'));
  });

  it('prints popular items while there is no model', async () => {
    const { recommendations } = await runJson('recommend', '--user', 'user-0', '--first', '3');
    expect(recommendations).toEqual(
      [1, 2, 3].map((rank) =>
        expect.objectContaining({
          ...{ rank, source: 'POPULARITY', semanticId: null },
          ...{ decoderScore: null, itemHeadScore: null },
        }),
      ),
    );
  });

  it('refuses a user that it does not know', async () => {
    const { code, stdout, stderr } = await run(['recommend', '--user', 'nobody']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('tigerql: user nobody: expected a user in the database, got none\n');
  });

  it('lists seen items when it is told to, and says why a list is empty', async () => {
    const shop = join(dir, 'one-item');
    mkdirSync(shop);
    writeFileSync(join(shop, 'items.jsonl'), '{"id": "pot", "title": "Pot"}');
    writeFileSync(join(shop, 'sequences.txt'), 'ann pot');
    const env = { DATABASE_URL: `file:${join(shop, 'shop.db')}` };
    await run(['import', shop], env);
    const empty = await run(['recommend', '--user', 'ann'], env);
    expect(empty.stdout).toBe('No items: the user has had all of them; --include-seen lists them again.\n');
    const { stdout } = await run(['recommend', '--user', 'ann', '--include-seen'], env);
    expect(stdout).toMatch(/^ +1 .* pot +Pot +– +POPULARITY$/m);
  });
});
