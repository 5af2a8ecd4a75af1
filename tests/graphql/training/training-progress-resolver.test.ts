import { toGlobalId } from '../../../graphql/common/global-id';
import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, PROGRESS, testConfig } from '../../support/fake-ports';
import { type Subscription, testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

describe('TrainingProgressResolver', () => {
  let app: FakeApp;
  let server: RunningServer;
  const open: Subscription[] = [];
  beforeEach(async () => {
    app = createFakeApp();
    server = await startServer(app, testConfig());
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscription) => subscription.dispose()));
    await server.close();
  });

  function subscribe(document: string, variables = {}): Subscription {
    const subscription = testClient(server.url).subscribe(document, variables);
    open.push(subscription);
    return subscription;
  }

  it('gives the present state first, then news', async () => {
    const subscription = subscribe(OPERATIONS['training-progress']);
    expect((await subscription.next()).data).toEqual({
      trainingProgress: {
        event: null,
        job: { id: toGlobalId('TrainingJob', 1), status: 'RUNNING', preset: 'tiny' },
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

  it('looks the job up anew for each event', async () => {
    const subscription = subscribe(OPERATIONS['training-progress']);
    await subscription.next();
    const before = app.services.calls.filter(({ port }) => port === 'clearAll').length;
    app.services.hub.publish('TRAINING_PROGRESS', PROGRESS);
    await subscription.next();
    expect(app.services.calls.filter(({ port }) => port === 'clearAll').length).toBe(before + 1);
  });
});
