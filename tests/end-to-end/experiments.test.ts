/** An experiment from its start to the promotion of an arm, as a shop and its admin see it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import { type Mutate, type Payload, train } from '../support/trained-shop';
import { useOpened } from '../support/use-opened';

const PLACEMENT = 'home/top';
const USERS = Array.from({ length: 16 }, (_, n) => `user-${n + 1}`);
const LIST = `query List($user: String!) { recommendations(user: $user, first: 3, placement: "${PLACEMENT}") {
  listId modelVersion { id number } nodes { item { externalId } }
} }`;

// A training, on a machine that may be busy.
jest.setTimeout(180_000);

// One story.
describe('an experiment', () => {
  const shop = useOpened(openLivingShop);
  let mutate: Mutate;
  let versions: Payload[];
  let experimentId: string;

  beforeAll(async () => {
    mutate = shop.mutate;
    await train(shop.admin, { preset: 'TINY', seed: 2, activateWhenBetter: false, reuseTokenizer: true });
    versions = (await shop.admin.execute('{ modelVersions { nodes { id number } } }')).expectData().modelVersions.nodes;
  });

  const listOf = async (user: string): Promise<Payload> =>
    (await shop.admin.execute(LIST, { user })).expectData().recommendations;
  const madeBy = async () => Promise.all(USERS.map(async (user) => (await listOf(user)).modelVersion.number));
  const armsOf = async () =>
    (await shop.admin.execute(OPERATIONS.experiment, { id: experimentId })).expectData().experiment.arms as Payload[];
  const idOf = (number: number) => versions.find((version) => version.number === number).id as string;
  /** Each user clicks the first item of a list. */
  const click = async () => {
    for (const user of USERS) {
      const { listId, nodes } = await listOf(user);
      const feedback = [{ listId, item: nodes[0].item, kind: 'CLICKED' }];
      expect((await mutate('record-feedback', { feedback })).userErrors).toEqual([]);
    }
  };
  const start = async () => {
    const arms = [{ name: 'now', percent: 50 }, { name: 'new', percent: 50, modelVersionId: idOf(2) }]; // prettier-ignore
    const { experiment, userErrors } = await mutate('start-experiment', { placement: PLACEMENT, metric: 'CLICKED', arms }); // prettier-ignore
    expect(userErrors).toEqual([]);
    experimentId = experiment.id;
  };

  it('has the version of a user’s arm make all lists of the user', async () => {
    expect(new Set(await madeBy())).toEqual(new Set([1]));
    await start();
    const first = await madeBy();
    expect(new Set(first)).toEqual(new Set([1, 2]));
    expect(await madeBy()).toEqual(first);
  });

  it('counts feedback for the arm that made the list', async () => {
    const made = await madeBy();
    await click();
    const users = [1, 2].map((number) => made.filter((each) => each === number).length);
    expect((await armsOf()).map((arm) => [arm.users, arm.lists, arm.clicked.total])).toEqual(users.map((n) => [n, n, n])); // prettier-ignore
  });

  it('makes the state of a promoted arm that of the placement, and ends', async () => {
    const [, other] = await armsOf();
    const { experiment, placementState, userErrors } = await mutate('promote-arm', { armId: other.id });
    expect([userErrors, placementState.number, placementState.modelVersion.number]).toEqual([[], 1, 2]);
    expect(experiment.stoppedAt).not.toBeNull();
    expect(new Set(await madeBy())).toEqual(new Set([2]));
  });

  it('has the active version stand in for one that cannot be loaded, and does not count such lists', async () => {
    expect((await mutate('remove-placement', { name: PLACEMENT })).removedName).toBe(PLACEMENT);
    await start();
    expect(new Set(await madeBy())).toEqual(new Set([1, 2]));
    await rm(join(shop.dir, 'jobs'), { recursive: true });
    await mutate('remove-items', { items: [{ externalId: 'item-1' }] }); // so that the version is loaded again
    expect(new Set(await madeBy())).toEqual(new Set([1]));
    await click();
    expect((await armsOf())[1].users).toBe(0);
  });
});
