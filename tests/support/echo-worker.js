/** A worker for the tests of the request layer: says back, reports, fails and dies on request. */
const { resourceLimits, workerData } = require('node:worker_threads');
const { serveWorker } = require('../../dist/src/workers/serve-worker.js');

let calls = 0;
if (workerData?.starts !== undefined) Atomics.add(workerData.starts, 0, 1);

serveWorker({
  echo: ({ value }) => ({ value, calls: ++calls, workerData }),
  count: ({ to }, { emit }) => {
    for (let i = 1; i <= to; i++) emit(i);
    return to;
  },
  fail: ({ message }) => {
    throw new RangeError(message);
  },
  die: () => process.exit(3),
  crash: () => {
    setImmediate(() => {
      throw new Error('out of luck');
    });
    return new Promise(() => {});
  },
  wait: (_request, { signal, emit }) =>
    new Promise((resolve, reject) => {
      emit('waiting');
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  compute: ({ ms, isDone }) => {
    Atomics.wait(isDone, 0, 0, ms); // blocks the thread, as a native computation does
    isDone[0] = 1;
    return 'computed';
  },
  limits: () => resourceLimits,
  print: ({ text }) => {
    console.log(text);
  },
});
