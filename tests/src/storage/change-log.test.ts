import { ChangeLog, type CommitListener, type Committed, type CommittedChange } from '../../../src/storage/change-log';
import type { Database } from '../../../src/storage/database';
import { emptyTables, RecordingHub } from '../../support/catalogue';
import { describeTwoProcesses } from '../../support/two-processes';

interface Server {
  readonly log: ChangeLog;
  readonly heard: CommittedChange[];
  readonly faults: unknown[];
  readonly hub: RecordingHub;
}

describeTwoProcesses('ChangeLog', (two) => {
  beforeEach(async () => {
    await emptyTables(two.opened);
    await change(await serverOn(two.other)); // so that the next numbers follow one another
  });

  async function serverOn(database: Database, listener: CommitListener = async () => undefined): Promise<Server> {
    const [heard, faults]: [CommittedChange[], unknown[]] = [[], []];
    const hub = new RecordingHub();
    const hear: CommitListener = async (change) => {
      await listener(change);
      heard.push(change);
    };
    const log = new ChangeLog(database, hub, (error) => faults.push(error));
    log.listener = hear;
    await log.follow();
    return { log, heard, faults, hub };
  }

  /** Commits a change without items, within `exclusive`. */
  function commit({ log }: Server): Promise<Committed<undefined>> {
    const entry = { kind: 'ITEMS_ADDED' as const, tokenizerId: null, items: [] };
    return log.commit(async () => ({ result: undefined, entries: [entry] }));
  }

  /** @returns The version of a change without items. */
  async function change(server: Server): Promise<number | null> {
    return (await server.log.exclusive(() => commit(server))).version;
  }

  it('reads no changes in a process that holds nothing in memory', async () => {
    const theirs = await serverOn(two.other);
    const hub = new RecordingHub();
    const log = new ChangeLog(two.opened.database, hub);
    await log.follow();
    const reading = jest.spyOn(two.opened.database.read.catalogueLog, 'findMany');
    const version = await change(theirs);
    await log.follow();
    expect(log.position).toMatchObject({ followed: version, newest: version, behindMs: 0 });
    expect(reading).not.toHaveBeenCalled();
    reading.mockRestore();
    expect(hub.published('CATALOGUE_CHANGES')).toEqual([]);
  });

  const versionsOf = ({ heard }: Server) => heard.map(({ version }) => version);

  it('tells a change before the call that made it ends, although a poll that began before it ends after it', async () => {
    const ours = await serverOn(two.opened.database);
    const { catalogueLog } = two.opened.database.read;
    const findFirst = catalogueLog.findFirst.bind(catalogueLog) as () => Promise<unknown>;
    const { version } = await ours.log.exclusive(async () => {
      const [read, committed] = [signal(), signal()];
      const slowRead = async () => {
        const newest = await findFirst();
        read.give();
        await committed.given;
        return newest;
      };
      const reading = jest.spyOn(catalogueLog, 'findFirst').mockImplementationOnce(slowRead as never);
      const polling = ours.log.follow();
      await read.given;
      reading.mockRestore();
      const outcome = await commit(ours);
      committed.give();
      await polling;
      return outcome;
    });
    expect(versionsOf(ours)).toEqual([version]);
  });

  describe('when the database has lost changes, as a standby that takes over may', () => {
    const LOST =
      /^database: expected change \d+ of the catalogue, which this server has followed, got .* start this server anew$/;

    /** @returns A server that has heard of a change that the database has no more. */
    async function forkedServer(): Promise<Server & { readonly lost: number }> {
      const ours = await serverOn(two.opened.database);
      const lost = (await change(ours))!;
      await two.other.write(({ catalogueLog }) => catalogueLog.delete({ where: { version: lost } }));
      return { ...ours, lost };
    }

    it('says so at each look, and that it is behind', async () => {
      const { log } = await forkedServer();
      await expect(log.follow()).rejects.toThrow(LOST);
      await expect(log.follow()).rejects.toThrow(LOST);
      expect(log.position.isForked).toBe(true);
      expect(log.position.behindMs).toBeGreaterThan(0);
    });

    it('takes no later change for the next one, whatever its number', async () => {
      const ours = await forkedServer();
      const createdAt = new Date(2026, 0, 1);
      const again = { version: ours.lost, kind: 'ITEMS_REMOVED', payload: {}, createdAt };
      await two.other.write(({ catalogueLog }) => catalogueLog.create({ data: again }));
      await expect(ours.log.follow()).rejects.toThrow(LOST);
      await change(await serverOn(two.other));
      await expect(ours.log.follow()).rejects.toThrow(LOST);
      expect(versionsOf(ours)).toEqual([ours.lost]);
    });
  });

  it('plans anew when another process changes the catalogue before the commit', async () => {
    const [ours, theirs] = [await serverOn(two.opened.database), await serverOn(two.other)];
    const plans: number[] = [];
    const { version } = await ours.log.exclusive(async (planned) => {
      plans.push(planned);
      if (plans.length === 1) await change(theirs);
      return ours.log.commit(async () => ({
        result: undefined,
        entries: [{ kind: 'ITEMS_REMOVED', tokenizerId: null, items: [] }],
      }));
    });
    expect(plans).toEqual([expect.any(Number), plans[0] + 1]);
    expect(version).toBe(plans[0] + 2);
    expect(versionsOf(ours)).toEqual([plans[0] + 1, plans[0] + 2]);
  });

  it('tells a change again until the listener has followed it, and its readers once', async () => {
    let failures = 2;
    const flaky = async () => {
      if (failures-- > 0) throw new Error('the database went away');
    };
    const [ours, theirs] = [await serverOn(two.opened.database, flaky), await serverOn(two.other)];
    const version = (await change(theirs))!;
    await expect(ours.log.follow()).rejects.toThrow('the database went away');
    expect(ours.log.position).toMatchObject({ followed: version - 1, newest: version });
    expect(ours.log.position.behindMs).toBeGreaterThan(0);
    await change(theirs);
    await expect(ours.log.follow()).rejects.toThrow('the database went away');
    await ours.log.follow();
    expect(versionsOf(ours)).toEqual([version, version + 1]);
    expect(ours.hub.published('CATALOGUE_CHANGES').map((each) => each.version)).toEqual([version, version + 1]);
    expect(ours.log.position).toEqual({
      followed: version + 1,
      newest: version + 1,
      behindMs: 0,
      isForked: false,
    });
  });

  it('answers a change that is committed although the listener could not follow it', async () => {
    let isDown = true;
    const flaky = async () => {
      if (isDown) throw new Error('the model died');
    };
    const ours = await serverOn(two.opened.database, flaky);
    const version = await change(ours);
    expect(ours.faults).toEqual([expect.objectContaining({ message: 'the model died' })]);
    isDown = false;
    await ours.log.follow();
    expect(versionsOf(ours)).toEqual([version]);
  });
});

function signal(): { readonly given: Promise<void>; give(): void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}
