import { importCatalogue } from '../../../src/catalogue/importer';
import { takeLease } from '../../../src/storage/leases';
import { MISSING_CODES_LEASE } from '../../../src/training/missing-codes';
import { activateFakeModel, emptyTables } from '../../support/catalogue';
import { type LivingProcess, startProcess } from '../../support/living-process';
import { describeTwoProcesses } from '../../support/two-processes';
import { until } from '../../support/until';

const FAKE = { numLevels: 2, codebookSize: 16 };

describeTwoProcesses('fillMissingCodes', (two) => {
  let first: LivingProcess;
  let second: LivingProcess;
  const lease = () => two.opened.database.read.lease.findUnique({ where: { name: MISSING_CODES_LEASE } });

  beforeEach(async () => {
    await emptyTables(two.opened);
    await activateFakeModel(two.opened, 1, FAKE);
    first = await startProcess(two.opened, FAKE);
    second = await startProcess({ ...two.opened, database: two.other }, FAKE);
  });

  /** @returns Their texts. */
  async function importTexts(count: number): Promise<string[]> {
    const titles = Array.from({ length: count }, (_, n) => `#${n % 16}.${n % 7} ${n}`);
    await importTitles(titles);
    return titles;
  }

  async function importTitles(titles: readonly string[]): Promise<void> {
    await importCatalogue(two.opened.database, {
      items: titles.map((title) => ({ externalId: title, title, vector: null })),
      interactions: [],
    });
  }

  /** @returns The texts that the server encodes from now on; each call waits for `before`. */
  function watchEncoding({ services: { assigner } }: LivingProcess, before?: Promise<void>): string[] {
    const { encode } = assigner;
    const texts: string[] = [];
    assigner.encode = async (items, signal) => {
      texts.push(...items.map(({ text }) => text));
      await before;
      return encode(items, signal);
    };
    return texts;
  }

  /** The first server encodes until `goOn` is called. */
  async function whileEncoding(work: (texts: readonly string[]) => Promise<void>): Promise<string[]> {
    let goOn = () => {};
    const texts = watchEncoding(first, new Promise<void>((resolve) => (goOn = resolve)));
    const filling = first.poll();
    await until(() => texts.length > 0);
    await work(texts).finally(goOn);
    await filling;
    return texts;
  }

  const sizes = () => [first, second].map((server) => server.live().codes.trie.size);

  it('lets one server encode the texts, while the others look on and then have its codes', async () => {
    const titles = await importTexts(250);
    const seconds = watchEncoding(second);
    const texts = await whileEncoding(async () => {
      await second.poll();
      expect(sizes()).toEqual([0, 0]);
      const before = (await lease())!;
      await until(async () => (await lease())!.expiresAt > before.expiresAt); // it keeps the lease
    });
    await second.poll();
    expect(sizes()).toEqual([250, 250]);
    expect(seconds).toEqual([]);
    expect(texts).toEqual(titles.map((title) => `${title}.`));
  });

  it('goes on where a server was killed', async () => {
    await importTexts(10);
    await two.opened.database.write((transaction) => takeLease(transaction, MISSING_CODES_LEASE));
    await first.poll();
    expect(sizes()).toEqual([0, 0]);
    const data = { expiresAt: new Date(1) };
    await two.opened.database.write((transaction) =>
      transaction.lease.update({ where: { name: MISSING_CODES_LEASE }, data }),
    );
    await first.poll();
    expect(sizes()).toEqual([10, 0]);
  });
});
