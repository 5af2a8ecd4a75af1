import type { TrainingProgressRecord } from '../../../graphql/training/records';
import { plainMetric } from '../../../models/evaluation/metrics';
import { bareProgress, type FitProgress } from '../../../models/training/fit-input';
import type { Database } from '../../../src/storage/database';
import { LeaseLostError } from '../../../src/storage/leases';
import { ProgressReporter, type ReporterParts } from '../../../src/training/progress-reporter';
import { emptyTables, RecordingHub } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const DOWN = new Error('no answer');

const at = (step: number, changes: Partial<FitProgress> = {}): FitProgress => ({
  ...bareProgress('SEQ2SEQ', step, 99),
  loss: step,
  ...changes,
});

describe('ProgressReporter', () => {
  let opened: TestDatabase;
  let hub: RecordingHub;
  let jobId: number;
  let faults: unknown[];
  let isDown: boolean;
  let clockMs: number;
  let parts: ReporterParts;
  let reporter: ProgressReporter;
  let warnings: Set<string>;

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    [hub, faults, isDown, clockMs] = [new RecordingHub(), [], false, 0];
    const settings = { preset: 'tiny', config: {}, seed: 1, reuseTokenizer: false, activateWhenBetter: false };
    const scope = { lastItemId: 0, lastInteractionId: 0, catalogueVersion: 0 };
    const { id } = await opened.database.write((transaction) =>
      transaction.trainingJob.create({ data: { status: 'RUNNING', ...settings, ...scope } }),
    );
    jobId = id;
    const write: Database['write'] = (work) => (isDown ? Promise.reject(DOWN) : opened.database.write(work));
    const publishProgress = (record: TrainingProgressRecord) => hub.publish('TRAINING_PROGRESS', record);
    warnings = new Set();
    const onFault = (error: unknown) => faults.push(error);
    parts = { former: null, write, publishProgress, onFault, warnings, onLost: () => undefined };
    reporter = new ProgressReporter(jobId, parts, () => clockMs);
  });

  /** Reports, and waits until the report is told. */
  async function report(progress: FitProgress): Promise<void> {
    reporter.report(progress);
    await reporter.settled();
  }

  const storedProgress = async () =>
    (await opened.database.read.trainingJob.findUniqueOrThrow({ where: { id: jobId } })).progress;
  const points = async () => {
    const rows = await opened.database.read.metricPoint.findMany({ orderBy: [{ step: 'asc' }, { metric: 'asc' }] });
    return rows.map(({ metric, step, value }) => `${metric} ${step}: ${value}`);
  };
  const publishedSteps = () => hub.published('TRAINING_PROGRESS').map(({ step }) => step);

  it('says that it waits at the step that the former process has reached, until it reports one itself', async () => {
    const former = { jobId, ...at(7) };
    reporter = new ProgressReporter(jobId, { ...parts, former }, () => clockMs);
    reporter.wait('a full disk');
    await reporter.settled();
    expect(await storedProgress()).toEqual({ ...former, waitingFor: 'a full disk' });
  });

  it('publishes every report in order, and stores one a second', async () => {
    for (let step = 1; step <= 5; step++) {
      clockMs = 400 * step;
      await report(at(step));
    }
    expect(publishedSteps()).toEqual([1, 2, 3, 4, 5]);
    expect(await points()).toEqual(['loss 1: 1', 'loss 4: 4']); // at 400 and 1600 ms
    expect(await storedProgress()).toEqual({ jobId, ...at(4) });
  });

  it('tells every warning from its next report on', async () => {
    await report(at(1));
    warnings.add('Few codes are used.');
    await report(at(2));
    expect(hub.published('TRAINING_PROGRESS').map(({ warnings: told }) => told)).toEqual([
      undefined,
      ['Few codes are used.'],
    ]);
  });

  it('stores a new phase and a new metric at once', async () => {
    await report(at(3, { phase: 'TOKENIZER' }));
    await report(at(1));
    await report(at(2));
    await report(at(3, { metrics: [plainMetric('validation.ndcg@10', 0.5)] }));
    expect(await points()).toEqual(['loss 1: 1', 'loss 3: 3', 'tokenizer.loss 3: 3', 'validation.ndcg@10 3: 0.5']);
  });

  it('stores the point of a step that comes again after a restart once, with its new value', async () => {
    await report(at(1));
    clockMs = 1000;
    await report(at(1, { loss: 7 }));
    expect(await points()).toEqual(['loss 1: 7']);
  });

  it('stores no point for a loss that is no number', async () => {
    await report(at(1, { loss: NaN }));
    expect(await points()).toEqual([]);
  });

  it('is published after it is stored', async () => {
    const order: string[] = [];
    const parts = {
      former: null,
      write: () => Promise.resolve(order.push('stored')) as never,
      publishProgress: () => order.push('published'),
      onFault: fail,
      onLost: () => undefined,
      warnings: new Set<string>(),
    };
    const watched = new ProgressReporter(jobId, parts);
    watched.report(at(1));
    await watched.settled();
    expect(order).toEqual(['stored', 'published']);
  });

  it('tells nobody anything more when another process has the job', async () => {
    const told: string[] = [];
    const watched = new ProgressReporter(jobId, {
      former: null,
      write: () => Promise.reject(new LeaseLostError('lost')),
      publishProgress: () => told.push('published'),
      onFault: fail,
      onLost: () => told.push('lost'),
      warnings: new Set<string>(),
    });
    for (const step of [1, 2]) {
      watched.report(at(step));
      await watched.settled();
    }
    expect(told).toEqual(['lost']);
  });

  it('goes on when a write fails: tells of it once, publishes, and stores the points with the next report', async () => {
    isDown = true;
    for (const step of [1, 2, 3]) {
      clockMs = 1000 * step;
      await report(at(step));
    }
    expect(faults).toEqual([DOWN]);
    expect(publishedSteps()).toEqual([1, 2, 3]);
    isDown = false;
    await report(at(4)); // not due by the clock
    expect(await points()).toEqual(['loss 1: 1', 'loss 2: 2', 'loss 3: 3']);
    isDown = true;
    clockMs = 5000;
    await report(at(5));
    expect(faults).toEqual([DOWN, DOWN]);
  });
});

function fail(error: unknown): never {
  throw error;
}
