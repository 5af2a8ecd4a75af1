import { bareProgress } from '../../../models/training/fit-input';
import type { Database } from '../../../src/storage/database';
import { endLease, releaseLease, takeLease } from '../../../src/storage/leases';
import type { Transaction } from '../../../src/storage/transaction';
import { leaseName } from '../../../src/training/job-folders';
import { ProgressEvents, progressPageAfter } from '../../../src/training/progress-events';
import { RecordingHub } from '../../support/catalogue';
import { openTestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';
import { twoProcesses } from '../../support/two-processes';
import { until } from '../../support/until';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('ProgressEvents (%s)', (_, open) => {
  const two = twoProcesses(open);

  async function serverOn(database: Database) {
    const [hub, faults]: [RecordingHub, unknown[]] = [new RecordingHub(), []];
    const events = new ProgressEvents({ database, hub, onFault: (error) => faults.push(error) });
    await events.follow();
    const told = () => hub.published('TRAINING_PROGRESS');
    return { events, faults, told };
  }

  /** Takes a job. @returns What tells that its holder has made a step. */
  async function holderOf(jobId: number, events: ProgressEvents): Promise<(step: number) => void> {
    const lease = await two.opened.database.write((transaction) => takeLease(transaction, leaseName(jobId)));
    return (step) => events.put({ jobId, ...bareProgress('SEQ2SEQ', step, 600) }, lease!);
  }

  it('tells the subscribers of every process of every event, once and in order', async () => {
    const servers = [await serverOn(two.opened.database), await serverOn(two.other)];
    const steps = Array.from({ length: 586 }, (_, step) => step);
    const tell = await holderOf(7, servers[0].events);
    for (const step of steps) {
      tell(step);
      if (step % 50 === 0) await Promise.all(servers.map(({ events }) => events.follow()));
    }
    await servers[0].events.settled();
    for (const { events, told, faults } of servers) {
      await events.follow();
      await events.follow();
      expect(told().map(({ step }) => step)).toEqual(steps);
      expect(faults).toEqual([]);
    }
    expect(servers[1].told()).toEqual(servers[0].told());
  });

  it('tells of events that two processes store at the same moment', async () => {
    const servers = [await serverOn(two.opened.database), await serverOn(two.other)];
    const tell = await Promise.all(servers.map(({ events }, n) => holderOf(n, events)));
    for (let step = 0; step < 20; step++) {
      for (const each of tell) each(step);
      await servers[0].events.follow();
    }
    await Promise.all(servers.map(({ events }) => events.settled()));
    await servers[0].events.follow();
    for (const jobId of [0, 1]) {
      const steps = servers[0]
        .told()
        .filter((each) => each.jobId === jobId)
        .map(({ step }) => step);
      expect(steps).toEqual(Array.from({ length: 20 }, (_, step) => step));
    }
  });

  it('gives a subscriber that comes back what it has missed', async () => {
    const { events, told } = await serverOn(two.opened.database);
    const tell = await holderOf(3, events);
    for (let step = 0; step < 5; step++) tell(step);
    await events.settled();
    await events.follow();
    const missed = await progressPageAfter(two.other.read, told()[1].event!, 3);
    expect(missed).toEqual(told().slice(2));
    expect(await progressPageAfter(two.other.read, told()[1].event!, 4)).toEqual([]);
  });

  it('gives a subscriber that has missed much the first of it', async () => {
    const { events, told } = await serverOn(two.opened.database);
    const tell = await holderOf(9, events);
    for (let step = 0; step < 300; step++) tell(step);
    await events.settled();
    await events.follow();
    const first = await progressPageAfter(two.other.read, told()[0].event! - 1, 9);
    const others = await progressPageAfter(two.other.read, first.at(-1)!.event, 9);
    expect([first.length, [...first, ...others]]).toEqual([250, told()]);
  });

  /** Puts the first event in while writes fail so, and the second one later. @returns The steps that are told, and the faults. */
  async function afterFault(
    fault: Error,
    jobId: number,
  ): Promise<{ readonly steps: number[]; readonly faults: unknown[] }> {
    const [hub, faults]: [RecordingHub, unknown[]] = [new RecordingHub(), []];
    let failures = 3;
    const write: Database['write'] = (work) =>
      failures-- > 0 ? Promise.reject(fault) : two.opened.database.write(work);
    const database = { read: two.opened.database.read, write };
    const events = new ProgressEvents({ database, hub, onFault: (error) => faults.push(error) });
    await events.follow();
    const tell = await holderOf(jobId, events);
    tell(1);
    await until(() => failures <= 2);
    if (fault.name === 'Error') failures = 0;
    tell(2);
    await until(async () => {
      await events.follow();
      return hub.published('TRAINING_PROGRESS').some(({ step }) => step === 2);
    });
    await events.settled();
    return { steps: hub.published('TRAINING_PROGRESS').map(({ step }) => step), faults };
  }

  it('keeps events while the database is away, and says so once', async () => {
    const gone = Object.assign(new Error('gone'), { name: 'PrismaClientKnownRequestError', code: 'P1001' });
    expect(await afterFault(gone, 5)).toEqual({ steps: [1, 2], faults: [gone] });
  });

  it('stores events once where only the answer was lost', async () => {
    const { database } = two.opened;
    let isLost = true;
    const write: Database['write'] = async (work) => {
      const result = await database.write(work);
      if (!isLost) return result;
      isLost = false;
      throw Object.assign(new Error('gone'), { name: 'PrismaClientKnownRequestError', code: 'P1001' });
    };
    const { events, told } = await serverOn({ ...database, write });
    const steps = Array.from({ length: 300 }, (_, step) => step);
    const tell = await holderOf(11, events);
    for (const step of steps) tell(step);
    await until(async () => {
      await events.follow();
      return told().length >= steps.length;
    });
    await events.settled();
    await events.follow();
    expect(isLost).toBe(false);
    expect(told().map(({ step }) => step)).toEqual(steps);
  });

  const takeOver = async (transaction: Transaction, name: string) => {
    await releaseLease(transaction, { name, fence: 1 });
    await takeLease(transaction, name);
  };

  it.each([
    ['is cancelled', 21, endLease],
    ['another process has taken', 31, takeOver],
  ])('tells nothing more of a job that %s, and all of the next one', async (_, jobId, lose) => {
    const { events, told } = await serverOn(two.opened.database);
    const tell = [await holderOf(jobId, events), await holderOf(jobId + 1, events)];
    await two.other.write((transaction) => lose(transaction, leaseName(jobId)));
    for (const each of tell) each(1);
    await events.settled();
    await events.follow();
    expect(told().map((each) => each.jobId)).toEqual([jobId + 1]);
  });

  it('says when events cannot be stored, and goes on with those after them', async () => {
    const refused = new Error('refused');
    expect(await afterFault(refused, 6)).toEqual({ steps: [2], faults: [refused] });
  });
});
