/** A catalogue on a test database, with a stand-in for the encoder and everything that it told the world. */
import type { CatalogueChangeRecord } from '../../graphql/context';
import type { TopicHub } from '../../graphql/topics';
import { Catalogue } from '../../src/catalogue';
import type { CatalogueServices } from '../../src/catalogue-services';
import { ChangeLog, type CommittedChange } from '../../src/change-log';
import { Popularity } from '../../src/popularity';
import { createFakeAssigner, FAKE_CODEBOOK_SIZE, FAKE_DIMS, FAKE_LEVELS } from './fake-assigner';
import type { TestDatabase } from './database';

export interface TestCatalogue {
  readonly catalogue: Catalogue;
  readonly services: CatalogueServices;
  /** What the commit listener heard, oldest first. */
  readonly commits: CommittedChange[];
  readonly published: CatalogueChangeRecord[];
}

export function createTestCatalogue({ database }: TestDatabase): TestCatalogue {
  const commits: CommittedChange[] = [];
  const published: CatalogueChangeRecord[] = [];
  const hub: TopicHub = {
    publish: (topic, payload) => {
      if (topic === 'CATALOGUE_CHANGES') published.push(payload as CatalogueChangeRecord);
    },
    subscribe: () => {
      throw new Error('nobody subscribes here');
    },
  };
  const services: CatalogueServices = {
    database,
    log: new ChangeLog(database, hub, async (change) => void commits.push(change)),
    popularity: new Popularity(),
    assigner: createFakeAssigner(),
    itemText: ({ title }) => title,
  };
  return { catalogue: new Catalogue(services), services, commits, published };
}

/** Makes a model version live, with a tokenizer of 2 levels, 4 codes each, and 4 collision tokens. */
export async function activateFakeModel({
  database,
}: TestDatabase): Promise<{ tokenizerId: number; modelVersionId: number }> {
  return database.write(async (transaction) => {
    const tokenizer = await transaction.tokenizer.create({
      data: {
        kind: 'rqvae',
        numLevels: FAKE_LEVELS,
        codebookSize: FAKE_CODEBOOK_SIZE,
        collisionSize: FAKE_CODEBOOK_SIZE,
        dims: FAKE_DIMS,
        checkpointDir: '/nowhere',
      },
    });
    const version = await transaction.modelVersion.create({
      data: {
        number: 1,
        tokenizerId: tokenizer.id,
        checkpointDir: '/nowhere',
        status: 'ACTIVE',
        preset: 'tiny',
        device: 'test',
        parameterCount: 1,
        catalogueVersion: 0,
      },
    });
    return { tokenizerId: tokenizer.id, modelVersionId: version.id };
  });
}

/** Empties every table, so that each test begins with nothing. */
export async function emptyTables({ database }: TestDatabase): Promise<void> {
  await database.write(async (transaction) => {
    await transaction.modelVersion.deleteMany();
    await transaction.tokenizer.deleteMany();
    await transaction.trainingJob.deleteMany();
    await transaction.item.deleteMany();
    await transaction.user.deleteMany();
    await transaction.catalogueLog.deleteMany();
    await transaction.apiKey.deleteMany();
  });
}
