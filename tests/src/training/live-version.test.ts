import { until } from '../../support/until';
import {
  add,
  addVersion,
  first,
  live,
  loaded,
  models,
  opened,
  prepared,
  scene,
  test,
  warnings,
} from '../../support/version-suite';

describe('LiveVersion', () => {
  it('publishes an activation once that the log reports again', async () => {
    const { id } = await addVersion(2);
    await models.activate(id);
    await live.follow(test.commits.at(-1)!);
    await live.follow(test.commits.at(-1)!);
    expect(test.hub.published('ACTIVE_MODEL_CHANGES')).toHaveLength(1);
  });

  it('loads the active version at the start, and codes for items that have none', async () => {
    scene.liveVersionId = null;
    const [a] = await add('#1.1 a');
    await opened.database.write((transaction) => transaction.semanticId.deleteMany());
    await opened.database.write((transaction) => transaction.semanticIdPrefix.deleteMany());
    await live.restore();
    expect([live.problem, live.id]).toEqual([null, first.modelVersionId]);
    expect([...loaded[0].table.itemIds]).toEqual([a]);
    expect(await test.catalogue.prefix([1, 1, 0])).toEqual({ codes: [1, 1, 0], itemCount: 1 });
  });

  it('lets changes go on while the files of the active version do not come, and loads it when they do', async () => {
    scene.liveVersionId = null;
    let come: () => void = () => undefined;
    scene.fetching = new Promise((resolve) => (come = resolve));
    const restoring = live.restore();
    const [a] = await add('#1.1 a');
    expect(loaded).toEqual([]);
    come();
    await restoring;
    expect(live.problem).toBeNull();
    expect([...loaded[0].table.itemIds]).toEqual([a]);
  });

  it('makes no vectors for items that have none beside vectors of another width, and says the width', async () => {
    const data = { externalId: 'a', title: '#1.1 a', sortTitle: '' };
    const version = await addVersion(2);
    await opened.database.write(async (transaction) => {
      await transaction.item.create({ data });
      await transaction.tokenizer.updateMany({ data: { dims: 768 } });
    });
    await live.giveMissingCodes(0);
    expect((await models.activate(version.id)).userErrors).toEqual([]);
    await live.giveMissingCodes(0);
    const warning = /^1 items got no semantic ID: they have no vector of 768 numbers/;
    expect(warnings).toEqual([expect.stringMatching(warning), expect.stringMatching(warning)]);
    expect(await opened.database.read.itemVector.count()).toBe(0);
  });

  describe('when the active version cannot be loaded', () => {
    const setFolder = (checkpointDir: string) =>
      opened.database.write(({ modelVersion }) => modelVersion.updateMany({ data: { checkpointDir } }));
    beforeEach(async () => {
      scene.liveVersionId = null;
      await setFolder('/damaged');
    });

    it('tries until it is loaded, and logs each problem once', async () => {
      await live.restore();
      await until(() => prepared.length > 2);
      expect(live.problem).toMatch(/expected another hash/);
      await setFolder('/whole');
      await until(() => live.id === first.modelVersionId && live.problem === null);
      expect(warnings).toEqual(['model version 1 cannot be loaded: weights: expected another hash']);
    });
  });
});
