/**
 * Two servers on one database change codes at the same moment, many times over: counts, codes and tries end as if one had come
 * after the other, and the loser of a race gets an answer that says so.
 */
import type { UserErrorRecord } from '../../../graphql/common/records';
import { readCodeTable } from '../../../src/semantic-ids/code-table';
import { LiveCodes } from '../../../src/workers/live-codes';
import { activateFakeModel, emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase } from '../../support/database';
import { type LivingProcess, startProcess } from '../../support/living-process';
import { openTestPostgres } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { twoProcesses } from '../../support/two-processes';

const FAKE = { numLevels: 2, codebookSize: 16 };
const ROUNDS = 4;

type Answer = { readonly userErrors: readonly UserErrorRecord[] };
type Call = (server: LivingProcess, itemIds: readonly number[]) => Promise<Answer>;

const remove: Call = ({ catalogue }, [id]) => catalogue.removeItems([id]);
const restore: Call = ({ catalogue }, [id]) => catalogue.restoreItems([id]);
const reassignAll: Call = ({ catalogue }) => catalogue.reassignSemanticIds({ all: true, dryRun: false });
const reassignPrefix: Call = ({ catalogue }) => catalogue.reassignSemanticIds({ prefix: [1], dryRun: false });
const reassignItems: Call = ({ catalogue }, itemIds) => catalogue.reassignSemanticIds({ itemIds, dryRun: false });
const assign =
  (...codes: number[]): Call =>
  ({ catalogue }, [itemId]) =>
    catalogue.reassignSemanticIds({ assignments: [{ itemId, codes }], dryRun: false });
const add =
  (externalId: string, title: string): Call =>
  ({ catalogue }) =>
    catalogue.addItems([{ externalId, title }], true);
const retitle =
  (title: string): Call =>
  ({ catalogue }, [itemId]) =>
    catalogue.updateItems([{ itemId, title }], true);

/** What the first server does, what the second one does, and the codes of what a loser may be told. */
const RACES: readonly [string, Call, Call, string[]][] = [
  ['addItems and addItems of one group', add('new a', '#1.1 a'), add('new b', '#1.1 b'), []],
  ['addItems and addItems of one external ID', add('new', '#1.1 a'), add('new', '#2.2 b'), ['DUPLICATE']],
  ['updateItems and removeItems', retitle('#3.3 x'), remove, ['NOT_FOUND']],
  ['updateItems and updateItems', retitle('#3.3 x'), retitle('#4.4 y'), []],
  ['removeItems and removeItems', remove, remove, ['CONFLICT']],
  ['restoreItems and restoreItems', restore, restore, ['CONFLICT']],
  ['assignments of one ID', assign(9, 9, 9), assignLast(9, 9, 9), ['TAKEN']],
  ['reassign all and removeItems', reassignAll, remove, []],
  ['reassign all and addItems', reassignAll, add('new', '#1.1 a'), []],
  ['reassign a prefix and updateItems', reassignPrefix, retitle('#3.3 x'), []],
  ['reassign items and removeItems', reassignItems, remove, ['NOT_FOUND']],
  ['reassign all and reassign all', reassignAll, reassignAll, []],
];

function assignLast(...codes: number[]): Call {
  return ({ catalogue }, itemIds) =>
    catalogue.reassignSemanticIds({ assignments: [{ itemId: itemIds[itemIds.length - 1], codes }], dryRun: false });
}

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('two servers on one database (%s)', (_, open) => {
  const two = twoProcesses(open);
  let servers: LivingProcess[];
  let tokenizerId: number;
  beforeEach(async () => {
    await emptyTables(two.opened);
    ({ tokenizerId } = await activateFakeModel(two.opened, 1, FAKE));
    servers = [await startProcess(two.opened, FAKE), await startProcess({ ...two.opened, database: two.other }, FAKE)];
  });

  /** Eight items in three groups, none of which has the codes that its text asks for. */
  async function someItems(round: number): Promise<number[]> {
    const added = Array.from({ length: 8 }, (_, n) => ({
      externalId: `${round}.${n}`,
      title: `#${n % 3}.${round % 4} ${n}`,
    }));
    const { items } = await servers[round % 2].catalogue.addItems(added, true);
    return items.map((item) => item!.id);
  }

  async function emptyShop(): Promise<void> {
    const items = await two.opened.database.read.item.findMany({ where: { removedAt: null } });
    expect(await servers[0].catalogue.removeItems(items.map(({ id }) => id))).toMatchObject({ userErrors: [] });
    await two.opened.database.write((transaction) => transaction.item.deleteMany());
    await servers[1].poll();
  }

  async function expectInStep(): Promise<void> {
    const stored = await storedPrefixes(two.opened.database, tokenizerId);
    expect(stored).toEqual(await recomputedPrefixes(two.opened.database, tokenizerId));
    const { live, ...table } = await readCodeTable(two.opened.database.read, tokenizerId);
    const trie = LiveCodes.build({ ...table, idLength: 3 }, live, FAKE.codebookSize).trie;
    for (const server of servers) {
      await server.poll();
      expect(server.live().codes.trie.hash()).toBe(trie.hash());
    }
  }

  it.each(RACES)(
    'stay in step through %s at once',
    async (_name, first, second, losses) => {
      for (let round = 0; round < ROUNDS; round++) {
        const itemIds = await someItems(round);
        if (first === restore) await servers[0].catalogue.removeItems([itemIds[0]]);
        const turns = round % 2 === 0 ? servers : [...servers].reverse();
        const answers = await Promise.all([first(turns[0], itemIds), second(turns[1], itemIds)]);
        const told = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
        expect(told.filter((code) => !losses.includes(code))).toEqual([]);
        expect(told.length).toBeLessThan(2);
        await expectInStep();
        await emptyShop();
      }
    },
    120_000,
  );

  it('let exactly one of two calls for one catalogue version through', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const itemIds = await someItems(round);
      const { version } = await servers[0].catalogue.summary();
      const answers = await Promise.all(
        servers.map(({ catalogue }, n) =>
          catalogue.reassignSemanticIds({
            assignments: [{ itemId: itemIds[n], codes: [7 + n, 7] }],
            dryRun: false,
            ifCatalogueVersion: version,
          }),
        ),
      );
      const told = answers.map(({ userErrors }) => userErrors.map(({ code }) => code));
      expect(told).toHaveLength(2);
      expect(told).toContainEqual([]);
      expect(told).toContainEqual(['CONFLICT']);
      await expectInStep();
      await emptyShop();
    }
  }, 60_000);

  it('activate a model while the other server changes items', async () => {
    const { modelVersionId } = await storeFakeModel(two.opened, { number: 2, status: 'TRAINED', fake: FAKE, checkpointDir: '/shift/1' }); // prettier-ignore
    const former = (await servers[0].models.active())!.id;
    for (let round = 0; round < ROUNDS; round++) {
      await someItems(round);
      const next = round % 2 === 0 ? modelVersionId : former;
      const [activated, added] = await Promise.all([
        servers[0].models.activate(next),
        add(`late ${round}`, '#1.1 late')(servers[1], []),
      ]);
      expect([...activated.userErrors, ...added.userErrors]).toEqual([]);
      await servers[1].poll();
      const version = await two.opened.database.read.modelVersion.findUniqueOrThrow({ where: { id: next } });
      tokenizerId = version.tokenizerId;
      await expectInStep();
      for (const server of servers) expect(server.live().modelVersionId).toBe(next);
    }
  }, 60_000);

  it('get a reassignment of everything through while the other server never stops writing', async () => {
    const [itemId] = await someItems(0);
    let isDone = false;
    const writing = (async () => {
      for (let n = 0; !isDone; n++) await retitle(`#${n % 3}.5 x`)(servers[1], [itemId]);
    })();
    const answers: Answer[] = [];
    for (let n = 0; n < 4; n++) answers.push(await reassignAll(servers[0], []));
    isDone = true;
    await writing;
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    await expectInStep();
  }, 60_000);
});
