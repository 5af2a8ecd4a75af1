import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

const ID = toGlobalId('Experiment', 1);
const arm = (more: object = {}) => ({ name: 'a', percent: 50, ...more });
const input = (more: object = {}) => ({
  placement: 'home',
  metric: 'CLICKED',
  arms: [arm(), arm({ name: 'b' })],
  ...more,
});
const start = (more: object) => api.admin.execute(OPERATIONS['start-experiment'], { input: input(more) });

describe('ExperimentResolver', () => {
  it('answers an experiment with its arms and their figures', async () => {
    const { experiment } = (await api.reader.execute(OPERATIONS.experiment, { id: ID })).expectData();
    expect(experiment).toMatchObject({ placement: 'home', sampleRatioMismatch: true, sampleRatioProbability: 0.002 });
    expect(experiment.arms).toMatchObject([
      { id: toGlobalId('ExperimentArm', 1), isControl: true, modelVersion: null, clicked: { difference: null } },
      { isControl: false, modelVersion: { number: 1 }, clicked: { difference: { value: 0.1, low: -0.1, high: 0.3 } } },
    ]);
    const { experiments } = (await api.reader.execute(OPERATIONS.experiments, { placement: 'home' })).expectData();
    expect(experiments.nodes).toMatchObject([{ id: ID }]);
    expect(api.callsOf('experiments')).toEqual([[{ first: 20, after: null }, 'home']]);
  });

  it('StartExperiment, PromoteArm and StopExperiment name rows in place of IDs', async () => {
    const version = toGlobalId('ModelVersion', 3);
    const arms = [arm(), arm({ name: 'b', stateNumber: 2, modelVersionId: version })];
    const { startExperiment } = (await start({ arms })).expectData();
    expect(startExperiment).toMatchObject({ experiment: { id: ID, arms: [{ name: 'arm 1' }, {}] }, userErrors: [] });
    const [control, other] = [
      { stateNumber: null, modelVersionId: null },
      { stateNumber: 2, modelVersionId: 3 },
    ];
    expect(api.callsOf('startExperiment')).toEqual([
      [
        {
          ...input(),
          currency: null,
          arms: [
            { ...arm(), ...control },
            { ...arm(), name: 'b', ...other },
          ],
        },
      ],
    ]);
    const stopped = await api.admin.execute(OPERATIONS['stop-experiment'], { input: { experimentId: ID } });
    expect(stopped.expectData().stopExperiment.experiment.stoppedAt).not.toBeNull();
    const promoted = await api.admin.execute(OPERATIONS['promote-arm'], { input: { armId: toGlobalId('ExperimentArm', 2) } }); // prettier-ignore
    expect(promoted.expectData().promoteArm).toMatchObject({ experiment: { id: ID }, userErrors: [] });
    expect(api.callsOf('promoteArm')).toEqual([[2, 'admin']]);
    const byWriter = await api.writer.execute(OPERATIONS['start-experiment'], { input: input() });
    expect(byWriter.expectErrors()).toEqual(['FORBIDDEN']);
  });

  it.each([[{ arms: [arm({ percent: 100 })] }], [{ placement: 'a b' }], [{ currency: 'EURO' }]])(
    'refuses %j', async (more) => expect((await start(more)).expectErrors()).toEqual(['BAD_USER_INPUT']),
  ); // prettier-ignore

  it('names the arm with a percent that is none, and the one whose model version is none', async () => {
    const arms = [arm({ percent: 0 }), arm({ name: 'b', modelVersionId: ID })];
    const { startExperiment } = (await start({ arms })).expectData();
    expect(startExperiment.userErrors).toMatchObject([
      { code: 'OUT_OF_RANGE', field: ['arms', '0', 'percent'] },
      { code: 'NOT_FOUND', field: ['arms', '1', 'modelVersionId'] },
    ]);
  });
});

describe('listFor', () => {
  it('has an arm make the list of a placement with a running experiment, and counts the list for it', async () => {
    const variables = { user: 'user-1', placement: 'tested', first: 1 };
    const { recommendations } = (await api.reader.execute(OPERATIONS.recommendations, variables)).expectData();
    expect(JSON.parse(recommendations.listId)).toEqual(['tested', 1, 1, 2]);
    expect(api.callsOf('recommend')).toMatchObject([
      [{ userId: 1 }, { arm: { modelVersionId: 1 } }, expect.anything()],
    ]);
  });

  it('leaves a request alone that names a model version itself', async () => {
    const options = { modelVersion: toGlobalId('ModelVersion', 1) };
    const variables = { user: 'user-1', placement: 'tested', first: 1, options };
    const { recommendations } = (await api.admin.execute(OPERATIONS.recommendations, variables)).expectData();
    expect(JSON.parse(recommendations.listId)[3]).toBeNull();
  });
});
