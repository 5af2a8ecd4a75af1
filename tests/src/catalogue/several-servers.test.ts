/**
 * Two servers on one database change codes at the same moment, many times over: counts, codes and tries end as if one had come
 * after the other, and the loser of a race gets an answer that says so.
 */
import { storeFakeModel } from '../../support/catalogue';
import { add, type Answer, FAKE, RACES, RacingServers, reassignAll, retitle } from '../../support/races';
import { describeTwoProcesses } from '../../support/two-processes';

/** Each server comes first once. */
const ROUNDS = 2;

describeTwoProcesses('two servers on one database', (two) => {
  let shop: RacingServers;
  beforeEach(async () => {
    shop = await RacingServers.start(two);
  });

  it.each(RACES)(
    'stay in step through %s at once',
    async (...race) => {
      for (let round = 0; round < ROUNDS; round++) expect(await shop.race(race, round)).toEqual([]);
    },
    120_000,
  );

  it('let exactly one of two calls for one catalogue version through', async () => {
    for (let round = 0; round < ROUNDS; round++) expect(await shop.versionRace(round)).toEqual([]);
  }, 60_000);

  it('activate a model while the other server changes items', async () => {
    const { modelVersionId } = await storeFakeModel(two.opened, { number: 2, status: 'TRAINED', fake: FAKE, checkpointDir: '/shift/1' }); // prettier-ignore
    const former = (await shop.servers[0].models.live())!.id;
    for (let round = 0; round < ROUNDS; round++) {
      await shop.someItems(round);
      const next = round % 2 === 0 ? modelVersionId : former;
      const [activated, added] = await Promise.all([
        shop.servers[0].models.activate(next),
        add(`late ${round}`, '#1.1 late')(shop.servers[1], []),
      ]);
      expect([...activated.userErrors, ...added.userErrors]).toEqual([]);
      await shop.servers[1].poll();
      const version = await two.opened.database.read.modelVersion.findUniqueOrThrow({ where: { id: next } });
      shop.tokenizerId = version.tokenizerId;
      expect(await shop.outOfStep()).toEqual([]);
      for (const server of shop.servers) expect(server.live().modelVersionId).toBe(next);
    }
  }, 60_000);

  it('get a reassignment of everything through while the other server never stops writing', async () => {
    const [itemId] = await shop.someItems(0);
    let isDone = false;
    const writing = (async () => {
      for (let n = 0; !isDone; n++) await retitle(`#${n % 3}.5 x`)(shop.servers[1], [itemId]);
    })();
    const answers: Answer[] = [];
    for (let n = 0; n < 4; n++) answers.push(await reassignAll(shop.servers[0], []));
    isDone = true;
    await writing;
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(await shop.outOfStep()).toEqual([]);
  }, 60_000);
});
