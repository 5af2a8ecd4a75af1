import { askForTen } from '../../bench/graphql-client';
import { withServer } from '../../bench/served-shop';
import { makeShop } from '../../bench/shop';
import { temporaryFolder } from '../support/temporary-folder';

const dir = temporaryFolder();

beforeAll(() => makeShop(dir, 'small'), 120_000);

it('serves lists of the model, and ends the server even when the work fails', async () => {
  let url = '';
  const failing = withServer(dir, async (server) => {
    url = server.url;
    await askForTen(url, 3);
    throw new Error('work failed');
  });
  await expect(failing).rejects.toThrow('work failed');
  await expect(askForTen(url, 3)).rejects.toThrow('ECONNREFUSED');
}, 60_000);
