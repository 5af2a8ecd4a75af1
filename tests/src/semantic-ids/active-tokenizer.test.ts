import { findActiveTokenizer, tokenizerOf } from '../../../src/semantic-ids/active-tokenizer';
import { activateFakeModel, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('the active tokenizer', () => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase();
  });
  afterEach(() => opened.dispose());

  describe('findLiveTokenizer', () => {
    it('finds none before any model version is active', async () => {
      await storeFakeModel(opened, { number: 1, status: 'TRAINED' });
      expect(await findActiveTokenizer(opened.database.read)).toBeNull();
    });

    it('finds that of the active version, whatever is stored besides', async () => {
      await storeFakeModel(opened, { number: 1, status: 'RETIRED' });
      const { tokenizerId, modelVersionId } = await activateFakeModel(opened, 2, { numLevels: 3, codebookSize: 8 });
      await storeFakeModel(opened, { number: 3, status: 'TRAINED' });
      expect(await findActiveTokenizer(opened.database.read)).toEqual({
        id: tokenizerId,
        modelVersionId,
        checkpointDir: '/nowhere',
        numLevels: 3,
        idLength: 4,
        codebookSize: 8,
        collisionSize: 8,
        dims: 512,
      });
    });
  });

  describe('tokenizerOf', () => {
    it('describes the tokenizer of a version that is not active', async () => {
      const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'TRAINED' });
      const version = await opened.database.read.modelVersion.findUniqueOrThrow({
        where: { id: modelVersionId },
        include: { tokenizer: true },
      });
      expect(tokenizerOf(version)).toMatchObject({ id: tokenizerId, modelVersionId, numLevels: 2, idLength: 3 });
    });
  });
});
