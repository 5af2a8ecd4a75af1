/** Asks a worker again when its thread has ended before it replied. */
import { isWorkerDeath } from '../errors';

/** When a call has ended three workers, it would end the fourth too. */
const MAX_ATTEMPTS = 3;

/** @param call - May be repeated. Its next attempt starts a new thread. */
export async function askAgain<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isWorkerDeath(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
