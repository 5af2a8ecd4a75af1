/** Pairs of changes that two servers on one database make at the same moment, and what must be true after each pair. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { readCodeTable } from '../../src/semantic-ids/code-table';
import { LiveCodes } from '../../src/workers/held-model';
import { activateFakeModel, emptyTables } from './catalogue';
import { type LivingProcess, startProcess } from './living-process';
import { recomputedPrefixes, storedPrefixes } from './prefix-counts';
import { printedIds } from './trie-nodes';
import type { TwoProcesses } from './two-processes';

export const FAKE = { numLevels: 2, codebookSize: 16 };

export type Answer = { readonly userErrors: readonly UserErrorRecord[] };
export type Call = (server: LivingProcess, itemIds: readonly number[]) => Promise<Answer>;

const remove: Call = ({ catalogue }, [id]) => catalogue.removeItems([id]);
const restore: Call = ({ catalogue }, [id]) => catalogue.restoreItems([id]);
export const reassignAll: Call = ({ catalogue }) => catalogue.reassignSemanticIds({ all: true, dryRun: false });
const reassignPrefix: Call = ({ catalogue }) => catalogue.reassignSemanticIds({ prefix: [1], dryRun: false });
const reassignItems: Call = ({ catalogue }, itemIds) => catalogue.reassignSemanticIds({ itemIds, dryRun: false });
const assign =
  (...codes: number[]): Call =>
  ({ catalogue }, [itemId]) =>
    catalogue.reassignSemanticIds({ assignments: [{ itemId, codes }], dryRun: false });
const assignLast =
  (...codes: number[]): Call =>
  ({ catalogue }, itemIds) =>
    catalogue.reassignSemanticIds({ assignments: [{ itemId: itemIds[itemIds.length - 1], codes }], dryRun: false });
export const add =
  (externalId: string, title: string): Call =>
  ({ catalogue }) =>
    catalogue.upsertItems([{ externalId, title }], true);
export const retitle =
  (title: string): Call =>
  ({ catalogue }, [itemId]) =>
    catalogue.updateItems([{ itemId, title }], true);

/** The calls of both servers, and the error codes that the loser may get. */
export type Race = readonly [name: string, first: Call, second: Call, losses: readonly string[]];

export const RACES: readonly Race[] = [
  ['upsertItems and upsertItems of one group', add('new a', '#1.1 a'), add('new b', '#1.1 b'), []],
  ['upsertItems and upsertItems of one external ID', add('new', '#1.1 a'), add('new', '#2.2 b'), []],
  ['updateItems and removeItems', retitle('#3.3 x'), remove, ['NOT_FOUND']],
  ['updateItems and updateItems', retitle('#3.3 x'), retitle('#4.4 y'), []],
  ['removeItems and removeItems', remove, remove, ['CONFLICT']],
  ['restoreItems and restoreItems', restore, restore, ['CONFLICT']],
  ['assignments of one ID', assign(9, 9, 9), assignLast(9, 9, 9), ['TAKEN']],
  ['reassign all and removeItems', reassignAll, remove, []],
  ['reassign all and upsertItems', reassignAll, add('new', '#1.1 a'), []],
  ['reassign a prefix and updateItems', reassignPrefix, retitle('#3.3 x'), []],
  ['reassign items and removeItems', reassignItems, remove, ['NOT_FOUND']],
  ['reassign all and reassign all', reassignAll, reassignAll, []],
];

/** Two servers, and a shop that each race begins with anew. */
export class RacingServers {
  private constructor(
    private readonly two: TwoProcesses,
    readonly servers: readonly LivingProcess[],
    /** The tokenizer of the live codes. */
    public tokenizerId: number,
  ) {}

  static async start(two: TwoProcesses): Promise<RacingServers> {
    await emptyTables(two.opened);
    const { tokenizerId } = await activateFakeModel(two.opened, 1, FAKE);
    const first = await startProcess(two.opened, FAKE);
    const second = await startProcess({ ...two.opened, database: two.other }, FAKE);
    return new RacingServers(two, [first, second], tokenizerId);
  }

  /** @returns What went wrong. */
  async race([, first, second, losses]: Race, round: number): Promise<string[]> {
    const itemIds = await this.someItems(round);
    if (first === restore) await this.servers[0].catalogue.removeItems([itemIds[0]]);
    const [one, other] = round % 2 === 0 ? this.servers : [...this.servers].reverse();
    const answers = await Promise.all([first(one, itemIds), second(other, itemIds)]);
    const told = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    const faults = told.filter((code) => !losses.includes(code)).map((code) => `${code}, which no loser may be told`);
    if (told.length > 1) faults.push('both lost');
    return [...faults, ...(await this.outOfStep()), ...(await this.emptyShop())];
  }

  /** Both servers pass the same catalogue version. @returns What went wrong. */
  async versionRace(round: number): Promise<string[]> {
    const itemIds = await this.someItems(round);
    const version = await this.servers[0].catalogue.version();
    const answers = await Promise.all(
      this.servers.map(({ catalogue }, n) =>
        catalogue.reassignSemanticIds({
          assignments: [{ itemId: itemIds[n], codes: [7 + n, 7] }],
          dryRun: false,
          ifCatalogueVersion: version,
        }),
      ),
    );
    const told = answers.map(({ userErrors }) => userErrors.map(({ code }) => code).join()).sort();
    const faults =
      String(told) === ',CONFLICT' ? [] : [`expected one success and one CONFLICT, got ${told.join(' and ')}`];
    return [...faults, ...(await this.outOfStep()), ...(await this.emptyShop())];
  }

  /** Eight items in three groups, none of which has the codes that its text asks for. */
  async someItems(round: number): Promise<number[]> {
    const added = Array.from({ length: 8 }, (_, n) => ({
      externalId: `${round}.${n}`,
      title: `#${n % 3}.${round % 4} ${n}`,
    }));
    const { items } = await this.servers[round % 2].catalogue.upsertItems(added, true);
    return items.map((item) => item!.id);
  }

  /** @returns Where stored counts are not those of the stored codes, or a server's trie is not the stored one. */
  async outOfStep(): Promise<string[]> {
    const { database } = this.two.opened;
    const [stored, counted] = [await storedPrefixes(database, this.tokenizerId), await recomputedPrefixes(database, this.tokenizerId)]; // prettier-ignore
    const nodes = Object.keys({ ...stored, ...counted }).filter((node) => stored[node] !== counted[node]);
    const { live, ...table } = await readCodeTable(database.read, this.tokenizerId);
    const trie = LiveCodes.build({ ...table, idLength: 3 }, live, FAKE.codebookSize).trie;
    const faults = nodes.map((node) => `wrong count at ${node}`);
    for (const [n, server] of this.servers.entries()) {
      await server.poll();
      if (printedIds(server.live().codes.trie) !== printedIds(trie)) faults.push(`server ${n} is out of step`);
    }
    return faults;
  }

  private async emptyShop(): Promise<string[]> {
    const { database } = this.two.opened;
    const items = await database.read.item.findMany({ where: { removedAt: null } });
    const { userErrors } = await this.servers[0].catalogue.removeItems(items.map(({ id }) => id));
    await database.write((transaction) => transaction.item.deleteMany());
    await this.servers[1].poll();
    return userErrors.map(({ message }) => message);
  }
}
