/** A served shop with a trained model, for the tests of a catalogue that changes while it is served. */
import { join } from 'node:path';

import { testClient, type TestClient } from './graphql-client';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, startServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';
import { type Mutate, mutateWith, openTrainedShop } from './trained-shop';

/** The sizes of the `tiny` preset. */
export const LEVELS = 2;
export const CODES = 8;

export interface LivingShop {
  /** The folder of the database and of DATA_DIR. */
  readonly dir: string;
  readonly url: string;
  readonly admin: TestClient;
  readonly visitor: TestClient;
  readonly databaseUrl: string;
  /** Global ids, by external id. */
  readonly itemIds: ReadonlyMap<string, string>;
  /** The live version's global id. */
  readonly modelVersionId: string;
  readonly mutate: Mutate;
  dispose(): Promise<void>;
}

export async function openLivingShop(): Promise<LivingShop> {
  const dir = temporaryFolder();
  await openTrainedShop(dir);
  const server = await startServerProcess(dir);
  const [admin, visitor] = [testClient(server.url, ADMIN_KEY), testClient(server.url)];
  const { items } = (await visitor.execute(OPERATIONS.items, { first: 100 })).expectData();
  const { activeModel } = (await visitor.execute('{ activeModel { id } }')).expectData();
  return {
    dir,
    url: server.url,
    admin,
    visitor,
    databaseUrl: `file:${join(dir, 'shop.db')}`,
    itemIds: new Map(
      items.edges.map(({ node }: { node: { externalId: string; id: string } }) => [node.externalId, node.id]),
    ),
    modelVersionId: activeModel.id,
    mutate: mutateWith(admin),
    async dispose() {
      await server.stop();
    },
  };
}
