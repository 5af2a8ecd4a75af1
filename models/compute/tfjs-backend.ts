/** Selects the tfjs backend for a piece of code. */
import '@tensorflow/tfjs-backend-cpu'; // the default one
import * as tf from '@tensorflow/tfjs-core';

/** Runs `body`, which is synchronous, on a tfjs backend, and then selects the backend from before. */
export function withBackend<T>(name: string, body: () => T): T {
  // Asking for the backend starts the default one, if none is yet.
  tf.backend();
  const before = tf.getBackend();
  selectBackend(name);
  try {
    return body();
  } finally {
    selectBackend(before);
  }
}

/** tf.setBackend is asynchronous only in form when the backend has been started. */
function selectBackend(name: string): void {
  tf.setBackend(name).catch(() => undefined); // the next line says so
  if (tf.getBackend() !== name) throw new Error(`selectBackend: expected ${name}, got ${tf.getBackend()}`);
}
