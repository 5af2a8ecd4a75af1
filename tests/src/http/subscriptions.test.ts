import { JOB, MODEL, PROGRESS } from '../../support/fake-ports';
import { app, codesOf, start, subscribe } from '../../support/fake-server';
import { OPERATIONS } from '../../support/operations';
import { until } from '../../support/until';

describe('subscriptions', () => {
  it('catalogueChanges and activeModelChanges give what services publish', async () => {
    await start();
    const changes = subscribe(OPERATIONS['catalogue-changes']);
    const models = subscribe(OPERATIONS['active-model-changes']);
    const change = await repeat(() => app.services.hub.publish('CATALOGUE_CHANGES', CHANGE), changes.next());
    expect(change.data).toEqual({ catalogueChanges: { version: 8, kind: 'ITEMS_ADDED', itemCount: 2 } });
    const model = await repeat(
      () => app.services.hub.publish('ACTIVE_MODEL_CHANGES', { catalogueVersion: 1, modelVersion: MODEL }),
      models.next(),
    );
    expect(model.data).toMatchObject({ activeModelChanges: { number: 1, status: 'ACTIVE' } });
  });

  it('begin with what a client has missed', async () => {
    await start();
    const first = async (document: string) => (await subscribe(document).next()).data;
    expect(await first('subscription { catalogueChanges(after: 6) { version } }')).toEqual({
      catalogueChanges: { version: 7 },
    });
    expect(await first('subscription { activeModelChanges(after: 6) { number catalogueVersion } }')).toEqual({
      activeModelChanges: { number: 1, catalogueVersion: 7 },
    });
    expect(await first('subscription { trainingProgress(after: 41) { event step } }')).toEqual({
      trainingProgress: { event: 42, step: 10 },
    });
  });

  it('begin anew for a client whose last number is of another database', async () => {
    await start();
    const { hub } = app.services;
    const subscribed = jest.spyOn(hub, 'subscribe');
    const changes = subscribe('subscription { catalogueChanges(after: 8) { version } }');
    const activations = subscribe('subscription { activeModelChanges(after: 8) { catalogueVersion } }');
    const progress = subscribe('subscription { trainingProgress(after: 43) { event step } }');
    await until(() => subscribed.mock.calls.length === 3);
    hub.publish('CATALOGUE_CHANGES', { ...CHANGE, version: 8 });
    hub.publish('ACTIVE_MODEL_CHANGES', { catalogueVersion: 8, modelVersion: MODEL });
    expect((await changes.next()).data).toEqual({ catalogueChanges: { version: 8 } });
    expect((await activations.next()).data).toEqual({ activeModelChanges: { catalogueVersion: 8 } });
    expect((await progress.next()).data).toEqual({ trainingProgress: { event: null, step: 10 } });
  });

  it('give every change and every activation in order, also when more come at once than are kept for a reader', async () => {
    await start();
    const { hub, catalogue, models } = app.services;
    const numbers = Array.from({ length: 100 }, (_, n) => n + 5);
    const changeAt = (version: number) => ({ ...CHANGE, version });
    const activationAt = (catalogueVersion: number) => ({ catalogueVersion, modelVersion: MODEL });
    const after = (number: number) => numbers.filter((each) => each > number).slice(0, 10);
    catalogue.changesAfter = async (version) => after(version).map(changeAt);
    models.activationsAfter = async (version) => after(version).map(activationAt);
    const subscribed = jest.spyOn(hub, 'subscribe');
    const changes = subscribe('subscription { catalogueChanges { version } }');
    const activations = subscribe('subscription { activeModelChanges { catalogueVersion } }');
    await until(() => subscribed.mock.calls.length === 2);
    for (const number of numbers) {
      hub.publish('CATALOGUE_CHANGES', changeAt(number));
      hub.publish('ACTIVE_MODEL_CHANGES', activationAt(number));
    }
    for (const number of numbers) {
      expect((await changes.next()).data.catalogueChanges.version).toBe(number);
      expect((await activations.next()).data.activeModelChanges.catalogueVersion).toBe(number);
    }
  });

  it('gives a slow reader the newest events', async () => {
    await start();
    let release: () => void;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    // The reader is slow because the job of its first event takes long to look up.
    const createContext = app.createContext;
    Object.assign(app, {
      createContext: async (authorization?: string) => {
        const context = await createContext(authorization);
        return { ...context, loaders: { ...context.loaders, trainingJob: () => blocked.then(() => JOB) } };
      },
    });
    const subscription = subscribe('subscription { trainingProgress { step job { id } } }');
    await called('clearAll');
    for (let step = 1; step <= 2000; step++) app.services.hub.publish('TRAINING_PROGRESS', { ...PROGRESS, step });
    release!();
    expect((await subscription.next()).data).toMatchObject({ trainingProgress: { step: 10 } });
    const steps = [];
    while (steps.at(-1) !== 2000) steps.push((await subscription.next()).data.trainingProgress.step);
    expect(steps).toEqual(Array.from({ length: 32 }, (_, i) => 1969 + i));
  });
});

describe('an event of a subscription', () => {
  const WITH_JOB = 'subscription { trainingProgress(after: 0) { event job { id } } }';

  /** Makes each event wait for its job, and gives a hundred events that were missed. */
  function holdJobs() {
    const waiting: (() => void)[] = [];
    const events = Array.from({ length: 100 }, (_, i) => ({ ...PROGRESS, event: i + 1 }));
    app.services.trainingJobs.progressAfter = async (event) => events.slice(event);
    const trainingJob = () => new Promise<typeof JOB>((resolve) => waiting.push(() => resolve(JOB)));
    const createContext = app.createContext;
    const withHeldJobs = async (authorization?: string, signal?: AbortSignal) => {
      const context = await createContext(authorization, signal);
      return { ...context, loaders: { ...context.loaders, trainingJob } };
    };
    Object.assign(app, { createContext: withHeldJobs });
    return waiting;
  }

  it('must cost little', async () => {
    await start();
    const curves = Array.from({ length: 24 }, (_, i) => `c${i}: curve(metric: "loss", points: 1000) { step value }`);
    const errors = await subscribe(`subscription { trainingProgress(after: 0) { job { ${curves} } } }`).ended;
    expect(codesOf(errors)).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('waits for its turn: four of one address run at a time', async () => {
    await start();
    const waiting = holdJobs();
    const subscriptions = Array.from({ length: 10 }, () => subscribe(WITH_JOB));
    while (waiting.length < 4) await new Promise(setImmediate);
    expect(await subscribe('{ __typename }').next()).toEqual({ data: { __typename: 'Query' } });
    expect(waiting).toHaveLength(4);
    const first = Promise.all(subscriptions.map((each) => each.next()));
    const letAllGo = setInterval(() => waiting.splice(0).forEach((go) => go()), 1);
    for (const { data } of await first) expect(data.trainingProgress.event).toBe(1);
    clearInterval(letAllGo);
  });

  it('ends its subscription when it misses the deadline', async () => {
    await start({ TIGERQL_DEADLINE_MS: '50' });
    holdJobs();
    const subscription = subscribe(WITH_JOB);
    expect(codesOf((await subscription.next()).errors)).toEqual(['DEADLINE_EXCEEDED']);
    expect(await subscription.ended).toBeUndefined();
  });
});

const CHANGE = { version: 8, kind: 'ITEMS_ADDED' as const, itemCount: 2, changedAt: new Date(0) };

/** Publishes until something has come: there is no sign on the wire that a subscription is listening. */
async function repeat<T>(publish: () => void, result: Promise<T>): Promise<T> {
  const timer = setInterval(publish, 5);
  return result.finally(() => clearInterval(timer));
}

/** Resolves when the port has been called. */
async function called(port: string): Promise<void> {
  while (!app.services.calls.some((call) => call.port === port)) await new Promise(setImmediate);
}
