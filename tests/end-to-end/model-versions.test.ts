/** Three versions of a model in one server: an experiment between two of them, and lists of a version that is named. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { testClient } from '../support/graphql-client';
import { openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import { type Payload, train } from '../support/trained-shop';
import { useOpened } from '../support/use-opened';

const LISTS = `query Lists($options: RecommendationOptions) {
  user(externalId: "user-1") { recommendations(first: 8, options: $options) { ...List } }
  recommendations(history: ["item-1", "item-2"], first: 8, options: $options) { ...List }
}
fragment List on RecommendationList {
  catalogueVersion
  modelVersion { number }
  nodes { rank score source decoderScore item { id externalId } explanation { level code } }
}`;
const VERSIONS = '{ activeModel { number } modelVersions { nodes { id number trainedBy { id } } } }';

interface List {
  readonly catalogueVersion: number;
  readonly modelVersion: { readonly number: number };
  readonly nodes: readonly {
    readonly score: number;
    readonly decoderScore: number | null;
    readonly explanation: unknown[];
    readonly item: { readonly id: string; readonly externalId: string };
  }[];
}

/** @returns The lists, with scores as near as another batch gives them: its shape decides the order of a float's sums. */
function near(lists: readonly List[]): readonly object[] {
  const close = (score: number | null): unknown => (score === null ? null : expect.closeTo(score, 5));
  return lists.map((list) => ({
    ...list,
    nodes: list.nodes.map((node) => ({ ...node, score: close(node.score), decoderScore: close(node.decoderScore) })),
  }));
}

const PLACEMENT = 'home/top';
const USERS = Array.from({ length: 16 }, (_, n) => `user-${n + 1}`);
const PLACED = `query List($user: String!) { recommendations(user: $user, first: 3, placement: "${PLACEMENT}") {
  listId modelVersion { id number } nodes { item { externalId } }
} }`;

// Two trainings, on a machine that may be busy.
jest.setTimeout(180_000);

const shop = useOpened(openLivingShop);
beforeAll(async () => {
  await train(shop.admin, { preset: 'TINY', seed: 2, activateWhenBetter: false });
  await train(shop.admin, { preset: 'TINY', seed: 3, activateWhenBetter: false, reuseTokenizer: true });
});

async function idOf(number: number): Promise<string> {
  const { modelVersions } = (await shop.admin.execute(VERSIONS)).expectData() as {
    modelVersions: { nodes: { id: string; number: number }[] };
  };
  return modelVersions.nodes.find((version) => version.number === number)!.id;
}

/** @returns A user's list and that of a history. */
async function lists(number?: number): Promise<readonly List[]> {
  const options = number === undefined ? null : { modelVersion: await idOf(number) };
  const { user, recommendations } = (await shop.admin.execute(LISTS, { options })).expectData();
  return [user.recommendations, recommendations];
}

/** @returns Codes and messages of the refusal of lists by the version. */
const ask = async (modelVersion: string, client = shop.admin) => {
  const { errors } = await client.execute(LISTS, { options: { modelVersion } });
  return errors.map(({ message, extensions }) => [extensions?.code, message]);
};

// Version 1 is live at its start, version 2 at its end, and after that.
describe('a named model version', () => {
  const withoutCodes = (list: List) => ({ ...list, nodes: list.nodes.map((node) => ({ ...node, explanation: [] })) });

  let ofFirst: readonly List[];

  it('makes lists by a version that is not live, and leaves the live one as it is', async () => {
    ofFirst = await lists();
    expect(await lists(1)).toEqual(near(ofFirst));
    const ofThird = await lists(3);
    expect(ofThird.map(({ modelVersion }) => modelVersion.number)).toEqual([3, 3]);
    expect(ofThird.map(({ nodes }) => nodes.length)).toEqual([8, 8]);
    expect(await lists()).toEqual(near(ofFirst));
  });

  it('explains by codes where they are those of the catalogue, and by none where the version has its own', async () => {
    const steps = async (number: number) => (await lists(number))[0].nodes.map(({ explanation }) => explanation.length);
    expect(new Set(await steps(3))).toContain(3);
    expect(new Set(await steps(2))).toEqual(new Set([0]));
  });

  it('shows a former version as it was, and without what was removed since', async () => {
    const activate =
      'mutation Go($id: ID!) { activateModelVersion(input: { modelVersionId: $id }) { userErrors { message } } }';
    (await shop.admin.execute(activate, { id: await idOf(2) })).expectData();
    const inForce = (list: List) => ({ ...list, catalogueVersion: 0 });
    expect((await lists())[0].modelVersion.number).toBe(2);
    expect((await lists(1)).map(inForce)).toEqual(near(ofFirst.map(withoutCodes).map(inForce) as List[]));
    const [{ item }] = ofFirst[0].nodes;
    const remove = 'mutation Remove($id: ID!) { removeItems(input: { items: [{ id: $id }] }) { catalogueVersion } }';
    const { removeItems } = (await shop.admin.execute(remove, { id: item.id })).expectData();
    const [after] = await lists(1);
    expect(after.catalogueVersion).toBe(removeItems.catalogueVersion);
    expect(after.nodes.map((node) => node.item.externalId)).not.toContain(item.externalId);
    expect(after.nodes).toHaveLength(8);
  });

  it('lets admins alone name a version, and refuses what is none', async () => {
    expect((await ask(await idOf(1), testClient(shop.url)))[0]).toEqual([
      'FORBIDDEN',
      'modelVersion: expected a key of role ADMIN, got no key; an admin makes one with createApiKey',
    ]);
    expect((await ask('nonsense'))[0]).toEqual([
      'BAD_USER_INPUT',
      'modelVersion: expected the global ID of a model version, got "nonsense"; modelVersions lists them',
    ]);
  });
});

// One story, from its start to the promotion of an arm.
describe('an experiment', () => {
  let experimentId: string;

  const listOf = async (user: string): Promise<Payload> =>
    (await shop.admin.execute(PLACED, { user })).expectData().recommendations;
  const madeBy = async () => Promise.all(USERS.map(async (user) => (await listOf(user)).modelVersion.number));
  const armsOf = async () =>
    (await shop.admin.execute(OPERATIONS.experiment, { id: experimentId })).expectData().experiment.arms as Payload[];
  /** Each user clicks the first item of a list. */
  const click = async () => {
    for (const user of USERS) {
      const { listId, nodes } = await listOf(user);
      const feedback = [{ listId, item: nodes[0].item, kind: 'CLICKED' }];
      expect((await shop.mutate('record-feedback', { feedback })).userErrors).toEqual([]);
    }
  };
  const start = async () => {
    const arms = [{ name: 'now', percent: 50 }, { name: 'new', percent: 50, modelVersionId: await idOf(3) }]; // prettier-ignore
    const { experiment, userErrors } = await shop.mutate('start-experiment', { placement: PLACEMENT, metric: 'CLICKED', arms }); // prettier-ignore
    expect(userErrors).toEqual([]);
    experimentId = experiment.id;
  };

  it('has the version of a user’s arm make all lists of the user', async () => {
    expect(new Set(await madeBy())).toEqual(new Set([2]));
    await start();
    const first = await madeBy();
    expect(new Set(first)).toEqual(new Set([2, 3]));
    expect(await madeBy()).toEqual(first);
  });

  it('counts feedback for the arm that made the list', async () => {
    const made = await madeBy();
    await click();
    const users = [2, 3].map((number) => made.filter((each) => each === number).length);
    expect((await armsOf()).map((arm) => [arm.users, arm.lists, arm.clicked.total])).toEqual(users.map((n) => [n, n, n])); // prettier-ignore
  });

  it('makes the state of a promoted arm that of the placement, and ends', async () => {
    const [, other] = await armsOf();
    const { experiment, placementState, userErrors } = await shop.mutate('promote-arm', { armId: other.id });
    expect([userErrors, placementState.number, placementState.modelVersion.number]).toEqual([[], 1, 3]);
    expect(experiment.stoppedAt).not.toBeNull();
    expect(new Set(await madeBy())).toEqual(new Set([3]));
  });

  it('goes on with the active version in place of one whose files are gone, which is refused where it is named', async () => {
    expect((await shop.mutate('remove-placement', { name: PLACEMENT })).removedName).toBe(PLACEMENT);
    await start();
    expect(new Set(await madeBy())).toEqual(new Set([2, 3]));
    await rm(join(shop.dir, 'jobs'), { recursive: true });
    await shop.mutate('remove-items', { items: [{ externalId: 'item-1' }] }); // so that the version is loaded again
    expect(new Set(await madeBy())).toEqual(new Set([2]));
    await click();
    expect((await armsOf())[1].users).toBe(0);
    expect((await ask(await idOf(3)))[0]).toEqual([
      'BAD_USER_INPUT',
      expect.stringMatching(/^modelVersion: expected a version that can be loaded, got version 3: .*checkpoint/),
    ]);
  });
});
