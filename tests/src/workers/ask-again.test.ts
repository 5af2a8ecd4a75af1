import { askAgain } from '../../../src/workers/ask-again';
import { errorOf } from '../../support/error-of';

const named = (name: string) => Object.assign(new Error(name), { name });

/** @param failures - Of each attempt, in order; after them it succeeds. */
async function ask(...failures: readonly Error[]) {
  let attempts = 0;
  const result = askAgain(() => {
    const failure = failures[attempts++];
    return failure ? Promise.reject(failure) : Promise.resolve('reply');
  });
  const error = await errorOf(result);
  return { attempts, error, reply: error === null ? await result : null };
}

describe('askAgain', () => {
  const [died, lost] = ['WorkerDiedError', 'WorkerLostError'].map(named);

  it('asks a new thread when one has ended before its reply', async () => {
    expect(await ask()).toEqual({ attempts: 1, error: null, reply: 'reply' });
    expect(await ask(died, lost)).toEqual({ attempts: 3, error: null, reply: 'reply' });
  });

  it('leaves a call alone that ends each thread', async () => {
    expect(await ask(died, lost, died, died)).toEqual({ attempts: 3, error: died, reply: null });
  });

  it('takes an error that a worker replies with for its reply', async () => {
    const fault = new Error('no such item');
    expect(await ask(died, fault)).toEqual({ attempts: 2, error: fault, reply: null });
  });
});
