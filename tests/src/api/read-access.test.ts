import { readAccessOf } from '../../../src/api/read-access';
import { importCatalogue } from '../../../src/catalogue/importer';
import { eraseUsers } from '../../../src/catalogue/user-erasures';
import { createLogger } from '../../../src/logger';
import { lastInteractionId, lastItemId, lastUserId } from '../../../src/storage/last-ids';
import { emptyTables } from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';

const logger = createLogger('silent');

describeOnBoth('readAccessOf', (opened) => {
  beforeEach(async () => {
    await emptyTables(opened);
    await opened.database.write((transaction) => transaction.demoShop.deleteMany());
  });
  afterEach(() => jest.restoreAllMocks());

  const addUser = (externalId: string) =>
    opened.database.write((transaction) => transaction.user.create({ data: { externalId } }));
  const addItems = (...externalIds: string[]) =>
    importCatalogue(opened.database, {
      items: externalIds.map((externalId) => ({ externalId, title: externalId, vector: null })),
      interactions: [],
    });
  const addInteraction = (eventId: string) =>
    importCatalogue(opened.database, {
      items: [],
      interactions: [
        { eventId, userExternalId: '1', itemExternalId: 'cup', kind: 'PURCHASE', occurredAt: new Date(1_000) },
      ],
    });
  const markDemo = () =>
    opened.database.write(async (transaction) => {
      const data = {
        lastUserId: await lastUserId(transaction),
        lastItemId: await lastItemId(transaction),
        lastInteractionId: await lastInteractionId(transaction),
      };
      return transaction.demoShop.create({ data: { id: 1, ...data } });
    });
  const twoSecondsLater = () => jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_001);

  it.each(['an empty database', 'users'])(
    'gives the catalogue alone where there is no demo shop but %s',
    async (what) => {
      const info = jest.spyOn(logger, 'info');
      if (what === 'users') await addUser('ada');
      const access = readAccessOf(opened.database, undefined, logger);
      expect([await access(), await access()]).toEqual(['catalogue', 'catalogue']);
      expect(info.mock.calls).toEqual([[expect.stringContaining('Reading users and histories needs a key.')]]);
    },
  );

  it('stays closed for users that come later, whoever they are', async () => {
    const access = readAccessOf(opened.database, undefined, logger);
    expect(await access()).toBe('catalogue');
    await addUser('demo');
    await markDemo();
    twoSecondsLater();
    expect(await access()).toBe('catalogue');
  });

  it("is open for the demo shop's users, says so once, and is closed by the first other user", async () => {
    const info = jest.spyOn(logger, 'info');
    await addUser('demo');
    await markDemo();
    const access = readAccessOf(opened.database, undefined, logger);
    expect([await access(), await access()]).toEqual(['open', 'open']);
    expect(info.mock.calls).toEqual([[expect.stringContaining('everybody may read their histories')]]);
    const { id } = await addUser('ada');
    twoSecondsLater();
    expect(await access()).toBe('catalogue');
    expect(info.mock.calls.slice(1)).toEqual([[expect.stringContaining('needs a key from now on')]]);
    await opened.database.write((transaction) => transaction.user.delete({ where: { id } }));
    twoSecondsLater();
    expect(await access()).toBe('catalogue');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an item', () => addItems('bowl')],
    ["an interaction of a user who is numbered as one of the demo's", () => addInteraction('own')],
  ])('is closed by %s that came after the demo shop', async (_what, add) => {
    await addItems('cup');
    await addInteraction('of the demo');
    await markDemo();
    const access = readAccessOf(opened.database, undefined, logger);
    expect(await access()).toBe('open');
    await add();
    twoSecondsLater();
    expect(await access()).toBe('catalogue');
  });

  it.each<[string, string[]]>([
    ["the users who came after the demo's", ['ada']],
    ['all users', ['ada', '1']],
  ])('stays closed at every later start when %s are erased', async (_what, erased) => {
    await addItems('cup');
    await addInteraction('of the demo');
    await markDemo();
    await importCatalogue(opened.database, {
      items: [],
      interactions: [
        { eventId: 'own', userExternalId: 'ada', itemExternalId: 'cup', kind: 'VIEW', occurredAt: new Date(1) },
      ],
    });
    const services = { database: opened.database, onInteractions: () => Promise.resolve() };
    expect((await eraseUsers(services, erased)).erasedExternalIds).toEqual(erased);
    expect(await readAccessOf(opened.database, undefined, logger)()).toBe('catalogue');
  });

  it.each(['open', 'catalogue', 'key'] as const)('follows the setting %s whoever the users are', async (setting) => {
    await addUser('demo');
    await markDemo();
    await addUser('ada');
    expect(await readAccessOf(opened.database, setting, logger)()).toBe(setting);
  });
});
