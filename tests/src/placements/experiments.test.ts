import { createHash } from 'node:crypto';

import type { NewArmArgs, NewExperimentArgs } from '../../../graphql/experiment/records';
import type { ListRecord } from '../../../graphql/feedback/records';
import { DAY_MS } from '../../../models/math/day';
import { Feedback } from '../../../src/feedback/feedback';
import { drawnArm, Experiments } from '../../../src/placements/experiments';
import { insertState, newestOf } from '../../../src/placements/placements';
import { RequestReads } from '../../../src/storage/request-reads';
import { add, describeCatalogue, opened, placesOf, test } from '../../support/catalogue-suite';

describe('drawnArm', () => {
  const arms = [50, 30, 20].map((percent, id) => ({ id, experimentId: 7, percent, stateNumber: null, modelVersionId: null, isServed: true })); // prettier-ignore

  it('takes the arm that the hash of experiment and user lies in, worked by hand', () => {
    const share = parseInt(createHash('sha256').update('7/ann').digest('hex').slice(0, 12), 16) / 2 ** 48;
    expect(drawnArm(arms, 'ann').id).toBe(share < 0.5 ? 0 : share < 0.8 ? 1 : 2);
  });

  it('divides users by the percents, and anew in each experiment', () => {
    const counts = [0, 0, 0];
    let same = 0;
    for (let user = 0; user < 10_000; user++) {
      const { id } = drawnArm(arms, `user-${user}`);
      counts[id]++;
      if (drawnArm(arms.map((arm) => ({ ...arm, experimentId: 8 })), `user-${user}`).id === id) same++; // prettier-ignore
    }
    for (const [arm, share] of [0.5, 0.3, 0.2].entries()) expect(counts[arm] / 10_000).toBeCloseTo(share, 1);
    expect(same / 10_000).toBeCloseTo(0.5 ** 2 + 0.3 ** 2 + 0.2 ** 2, 1);
  });
});

describeCatalogue('Experiments', () => {
  let experiments: Experiments;
  let feedback: Feedback;
  let itemIds: number[];
  let warnings: string[];
  let lists = 0;

  const newExperiments = () =>
    new Experiments({
      database: opened.database,
      requestReads: new RequestReads(opened.database.hotPath),
      logger: { warn: (text: string) => void warnings.push(text) } as never,
      lookEveryMs: 0,
    });

  beforeEach(async () => {
    warnings = [];
    experiments = newExperiments();
    const { database } = opened;
    const guard = () => experiments.guard();
    feedback = new Feedback({ database, attributionMs: 7 * DAY_MS, live: test.popularity, guard });
    itemIds = (await add({ externalId: 'a' }, { externalId: 'b' })).map(({ id }) => id);
  });

  const arm = (name: string, percent: number, more: Partial<NewArmArgs> = {}): NewArmArgs => {
    return { name, percent, stateNumber: null, modelVersionId: null, ...more };
  };
  const args = (more: Partial<NewExperimentArgs> = {}): NewExperimentArgs => {
    return { placement: 'home', metric: 'CLICKED', currency: 'EUR', arms: [arm('a', 50), arm('b', 50)], ...more };
  };
  const start = async (more: Partial<NewExperimentArgs> = {}) => {
    const { experiment, userErrors } = await experiments.start(args(more));
    expect(userErrors).toEqual([]);
    return experiment!.id;
  };
  const armsOf = async (id: number) => (await experiments.figures(id)).arms;
  const report = async (user: ListRecord['user'], armId: number | null, kind: 'SHOWN' | 'CLICKED' = 'SHOWN') => {
    const list = {
      key: `list-${lists++}`,
      placement: 'home',
      user,
      modelVersionId: 7,
      armId,
      madeAt: new Date(),
      itemIds,
    };
    const entry = { listId: await feedback.listId(list), itemExternalId: 'a', kind };
    const { userErrors } = await feedback.record([entry], { atomic: true, known: [], user: null });
    expect(userErrors).toEqual([]);
  };
  const armOf = async (user: ListRecord['user']) => (await experiments.armFor('home', user))?.armId;

  const storeVersion = (number: number) =>
    opened.database.write(async ({ modelVersion, tokenizer }) => {
      const { id } = await tokenizer.findFirstOrThrow();
      const made = { preset: 'tiny', device: 'test', parameterCount: 1, catalogueVersion: 0 };
      return modelVersion.create({ data: { number, tokenizerId: id, checkpointDir: 'x', status: 'TRAINED', ...made } });
    });
  const saveState = (modelVersionId: number | null) =>
    opened.database.write(async (transaction) => {
      const definition = { title: 'Top', rules: [], modelVersionId };
      return insertState(transaction, { name: 'home', definition }, await newestOf(transaction, 'home'), null);
    });

  it('has the control arm serve whoever is nobody in particular, without counting', async () => {
    await saveState(null);
    await start({ arms: [arm('a', 50, { stateNumber: 1 }), arm('b', 50)] });
    expect(await experiments.armFor('home', null)).toEqual({ armId: null, stateNumber: 1, modelVersionId: null });
    expect(await experiments.armFor('cart', 'ann')).toBeNull();
  });

  it('keeps the arm of a visitor who logs in, with what counts', async () => {
    const id = await start();
    for (let n = 0; n < 4; n++) {
      const visitor = `visitor/v${n}`;
      const before = await armOf(visitor);
      await report(visitor, before!);
      await test.catalogue.identify(visitor, `user-${n}`);
      expect(await armOf((await test.catalogue.user(`user-${n}`))!.id)).toBe(before);
      expect(await armOf(visitor)).toBe(before);
      await report((await test.catalogue.user(`user-${n}`))!.id, before!);
    }
    const arms = await armsOf(id);
    expect(arms.map(({ users }) => users).reduce((a, b) => a + b)).toBe(4);
    expect(arms.map(({ lists: count }) => count).reduce((a, b) => a + b)).toBe(8);
  });

  it('keeps the own arm of a user whose lists count already', async () => {
    const id = await start();
    const [control, other] = await armsOf(id);
    const armFor = async (user: string) => (await armOf(user)) === control.id;
    const names = Array.from({ length: 20 }, (_, n) => n);
    const isControl = await Promise.all(names.map((n) => armFor(`user-${n}`)));
    const own = names.find((n) => isControl[n])!;
    await report(`user-${own}`, control.id);
    // A visitor of the other arm: both count in their own arms.
    const visitorName = (await Promise.all(names.map(async (n) => ((await armFor(`visitor/${n}`)) ? [] : [n])))).flat()[0]; // prettier-ignore
    await report(`visitor/${visitorName}`, other.id);
    await test.catalogue.identify(`visitor/${visitorName}`, `user-${own}`);
    expect(await armOf((await test.catalogue.user(`user-${own}`))!.id)).toBe(control.id);
    expect((await armsOf(id)).map(({ users }) => users)).toEqual([1, 1]);
  });

  it('forgets what counts of a user who is erased', async () => {
    const id = await start();
    await report('ann', (await armOf('ann'))!);
    expect(JSON.stringify(await test.catalogue.exportUser('ann'))).toContain('"placement":"home"');
    await test.catalogue.eraseUsers(['ann']);
    expect((await armsOf(id)).map(({ users, lists: count }) => users + count)).toEqual([0, 0]);
  });

  it('refuses shares of 101 %, equal names, revenue without a currency, a second experiment and missing versions', async () => {
    const refused = async (more: Partial<NewExperimentArgs>) => placesOf(await experiments.start(args(more)));
    expect(await refused({ arms: [arm('a', 51), arm('b', 50)] })).toEqual(['INVALID arms']);
    expect(await refused({ arms: [arm('a', 50), arm('a', 50)] })).toEqual(['DUPLICATE arms.1.name']);
    expect(await refused({ metric: 'REVENUE', currency: null })).toEqual(['INVALID currency']);
    expect(await refused({ arms: [arm('a', 50), arm('b', 50, { modelVersionId: 999 })] })).toEqual(['NOT_FOUND arms.1.modelVersionId']); // prettier-ignore
    await start();
    expect(await refused({})).toEqual(['CONFLICT placement']);
    expect(await refused({ placement: 'cart' })).toEqual([]);
  });

  it('refuses an arm whose state there is not, or is made by a version that was removed, and a second version', async () => {
    const [second, third] = [await storeVersion(98), await storeVersion(99)];
    await saveState(third.id);
    await opened.database.write(({ modelVersion }) => modelVersion.delete({ where: { id: third.id } }));
    await saveState(second.id);
    const refused = async (more: Partial<NewArmArgs>) =>
      placesOf(await experiments.start(args({ arms: [arm('a', 50), arm('b', 50, more)] })));
    expect(await refused({ stateNumber: 9 })).toEqual(['NOT_FOUND arms.1.stateNumber']);
    expect(await refused({ stateNumber: 1 })).toContain('NOT_FOUND arms.1.modelVersionId');
    const { id } = await storeVersion(100);
    expect(await refused({ modelVersionId: id })).toEqual(['TOO_MANY arms.1.modelVersionId']);
    expect(await refused({ stateNumber: 2 })).toEqual([]);
  });

  it('makes what a promoted arm has the newest state, and stops', async () => {
    await saveState(null);
    await saveState(null);
    const { id: modelVersionId } = await storeVersion(99);
    const id = await start({ arms: [arm('a', 50), arm('b', 50, { stateNumber: 1, modelVersionId })] });
    const [control, other] = await armsOf(id);
    const { experiment, placementState } = await experiments.promote(other.id, 'ann’s key');
    expect(experiment!.stoppedAt).toBeInstanceOf(Date);
    expect(placementState).toMatchObject({
      ...{ number: 3, savedBy: 'ann’s key', title: 'Top', modelVersionId },
    });
    expect(await experiments.armFor('home', 'ann')).toBeNull();
    // The control arm is the placement as it is.
    expect((await experiments.promote(control.id, null)).placementState).toMatchObject({ number: 3 });
    await opened.database.write(({ modelVersion }) => modelVersion.delete({ where: { id: modelVersionId } }));
    expect(placesOf(await experiments.promote(other.id, null))).toEqual(['NOT_FOUND armId']);
    expect(placesOf(await experiments.promote(999_999, null))).toEqual(['NOT_FOUND armId']);
  });

  it('serves the control arm in place of one whose model version was removed since, and says so', async () => {
    const version = await storeVersion(99);
    const id = await start({ arms: [arm('a', 1), arm('b', 99, { modelVersionId: version.id })] });
    const users = ['ann', 'bob', 'cid', 'dan'];
    const served = await Promise.all(users.map((user) => experiments.armFor('home', user)));
    expect(served).toContainEqual({ armId: expect.any(Number), stateNumber: null, modelVersionId: version.id });
    await opened.database.write(({ modelVersion }) => modelVersion.delete({ where: { id: version.id } }));
    const [control, other] = await armsOf(id);
    expect([control.status, other.status]).toEqual(['RUNNING', 'NO_MODEL']);
    for (const user of users) expect([null, control.id]).toContain(await armOf(user));
  });

  it('stops an arm by itself that is clearly worse, and has the control arm serve its users', async () => {
    const id = await start();
    const [control, other] = await armsOf(id);
    // In the control arm every other list is clicked, in the other one every tenth.
    const user = await opened.database.write(async ({ user: table, armUser }) => {
      await table.createMany({ data: Array.from({ length: 400 }, (_, n) => ({ externalId: `u${n}` })) });
      const rows = (await table.findMany()).map(({ id: userId }, n) => {
        const isControl = n % 2 === 0;
        const clicked = Number(isControl ? n % 4 === 0 : n % 20 === 1);
        return { armId: isControl ? control.id : other.id, userId, lists: 1, clicked, purchased: 0, revenue: 0 };
      });
      await armUser.createMany({ data: rows });
      return table.create({ data: { externalId: 'new' } });
    });
    expect((await armsOf(id))[1].clicked.difference!.high).toBeLessThan(0);
    await report(user.id, control.id);
    const arms = await armsOf(id);
    expect(arms.map(({ status }) => status)).toEqual(['RUNNING', 'STOPPED']);
    expect(warnings).toHaveLength(1);
    for (let n = 0; n < 20; n++) expect([null, control.id]).toContain(await armOf(`visitor/${n}`));
    expect((await experiments.figures(id)).sampleRatioProbability).toBe(1);
  });

  it('stops, and goes on counting what comes of the lists that it made', async () => {
    const id = await start();
    const armId = (await armOf('ann'))!;
    await report('ann', armId);
    expect((await experiments.stop(id)).experiment!.stoppedAt).toBeInstanceOf(Date);
    expect(placesOf(await experiments.stop(id))).toEqual(['NOT_RUNNING experimentId']);
    expect(await experiments.armFor('home', 'ann')).toBeNull();
    await report('ann', armId, 'CLICKED');
    const { clicked, lists: count } = (await armsOf(id)).find((one) => one.id === armId)!;
    expect([count, clicked.total]).toEqual([2, 1]);
    expect((await experiments.experiments({ first: 5, after: null }, 'home')).edges).toHaveLength(1);
    await feedback.removePlacement('home');
    expect(await experiments.experiment(id)).toBeNull();
    await report('ann', armId); // its list names an arm that is no more
  });
});
