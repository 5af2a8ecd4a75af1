import { execute, parse } from 'graphql';

import type { CallerRole } from '../../../graphql/api-key/records';
import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { JOB, PROGRESS } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('TrainingJobResolver', () => {
  it('TrainingJob reads the curve of that job, and the version that it made', async () => {
    const variables = { id: toGlobalId('TrainingJob', 1), metric: 'recall@10', points: 50 };
    const { trainingJob } = (await api.reader.execute(OPERATIONS['training-job'], variables)).expectData();
    expect(api.callsOf('curve')).toEqual([[1, 'recall@10', 50, {}]]);
    expect(trainingJob).toMatchObject({
      status: 'RUNNING',
      finishedAt: null,
      progress: { phase: 'SEQ2SEQ', step: 10 },
      curve: [{ step: 50, value: 1 }],
      modelVersion: { id: toGlobalId('ModelVersion', 1), status: 'ACTIVE' },
    });
  });

  it('trainingJobs asks for jobs of one status', async () => {
    (await api.reader.execute('{ trainingJobs(status: FAILED, first: 3) { nodes { id } } }')).expectData();
    expect(api.callsOf('jobs')).toEqual([[{ first: 3, after: null }, 'FAILED']]);
  });

  it('StartTraining fills in what is not said', async () => {
    (await api.admin.execute(OPERATIONS['start-training'], { input: { preset: 'tiny' } })).expectData();
    const args = { preset: 'tiny', seed: null, reuseTokenizer: false, activateWhenBetter: true };
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
    const contextValue = { ...(await api.app.createContext(undefined)), role };
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
