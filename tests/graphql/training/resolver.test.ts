import { execute, parse } from 'graphql';

import type { CallerRole } from '../../../graphql/api-key/records';
import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { JOB, PROGRESS } from '../../support/fake-ports';
import { app, start, subscribe } from '../../support/fake-server';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('TrainingJobResolver', () => {
  it('TrainingJob reads the curve of that job, and the version that it made', async () => {
    const variables = { id: toGlobalId('TrainingJob', 1), metric: 'VALIDATION_NDCG', points: 50 };
    const { trainingJob } = (await api.reader.execute(OPERATIONS['training-job'], variables)).expectData();
    expect(api.callsOf('curve')).toEqual([[1, 'validation.ndcg@10', 50, {}]]);
    expect(trainingJob).toMatchObject({
      status: 'RUNNING',
      finishedAt: null,
      progress: { phase: 'SEQ2SEQ', step: 10 },
      curve: [{ step: 50, value: 1 }],
      modelVersion: { id: toGlobalId('ModelVersion', 1), status: 'ACTIVE' },
    });
  });

  it('StartTraining fills in what is not said', async () => {
    (await api.admin.execute(OPERATIONS['start-training'], { input: { preset: 'TINY' } })).expectData();
    const activation = { activateWhenBetter: true, onlyWhenClearlyBetter: false };
    const args = { preset: 'tiny', reuseTokenizer: false, ...activation };
    expect(api.callsOf('start')).toEqual([[args]]);
  });

  it('cancelTraining names an id of nothing', async () => {
    const data = (await api.admin.execute(OPERATIONS['cancel-training'], { input: { jobId: 'x' } })).expectData();
    const message = 'jobId: expected the id of a training job, got "x"';
    expect(data.cancelTraining.userErrors).toEqual([{ code: 'NOT_FOUND', message, field: ['jobId'] }]);
  });

  it.each<[CallerRole, string, string]>([
    ['ANONYMOUS', 'Callers with a key see why.', 'Callers with a key see why.'],
    ['STOREFRONT', 'Callers with a key see why.', 'Callers with a key see why.'],
    ['READER', 'EACCES: /srv/data/jobs/1', 'connect ECONNREFUSED 10.0.0.5:5432'],
  ])('tells %s of a fault as much as the caller may know', async (role, error, waitingFor) => {
    const failed = { ...JOB, error: 'EACCES: /srv/data/jobs/1' };
    const progress = { ...PROGRESS, waitingFor: 'connect ECONNREFUSED 10.0.0.5:5432' };
    api.app.services.trainingJobs.job = async (id) => ({ ...(id === 1 ? failed : JOB), progress });
    const contextValue = { ...api.app.contextFor(await api.app.callerOf(undefined)), role };
    const job = (row: number) =>
      `trainingJob(id: "${toGlobalId('TrainingJob', row)}") { error progress { waitingFor } }`;
    const document = parse(`{ failed: ${job(1)} running: ${job(2)} }`);
    const { data } = await execute({ schema: api.app.schema, document, contextValue });
    expect(data).toEqual({
      failed: { error, progress: { waitingFor } },
      running: { error: null, progress: { waitingFor } },
    });
  });
});

describe('TrainingProgressResolver', () => {
  beforeEach(() => start());

  it('gives the present state first, then news', async () => {
    const subscription = subscribe(OPERATIONS['training-progress']);
    expect((await subscription.next()).data).toEqual({
      trainingProgress: {
        event: null,
        job: { id: toGlobalId('TrainingJob', 1), status: 'RUNNING', preset: 'TINY' },
        phase: 'SEQ2SEQ',
        step: 10,
        totalSteps: 100,
        loss: 2.5,
        metrics: [],
        examplesPerSecond: 640,
        secondsLeft: 9,
      },
    });
    app.services.hub.publish('TRAINING_PROGRESS', { ...PROGRESS, step: 11 });
    expect((await subscription.next()).data).toMatchObject({ trainingProgress: { step: 11 } });
  });

  it('of one job passes over the others', async () => {
    const subscription = subscribe(OPERATIONS['training-progress'], { jobId: toGlobalId('TrainingJob', 1) });
    await subscription.next();
    app.services.hub.publish('TRAINING_PROGRESS', { ...PROGRESS, jobId: 2, step: 50 });
    app.services.hub.publish('TRAINING_PROGRESS', { ...PROGRESS, step: 12 });
    expect((await subscription.next()).data).toMatchObject({ trainingProgress: { step: 12 } });
  });

  it.each(['nonsense', toGlobalId('TrainingJob', 99)])('refuses the job %j', async (jobId) => {
    const { errors } = await subscribe(OPERATIONS['training-progress'], { jobId }).next();
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0].message).toBe(
      `jobId: expected the id of a training job, got "${jobId}"; trainingJobs lists them`,
    );
  });
});
