/** A worker for the compute engine's tests: opens a device, runs `y = x · x` once for every message, says back y. */
const { parentPort } = require('node:worker_threads');
const tf = require('@tensorflow/tfjs');
const { openDevice } = require('../../dist/models/compute/backends.js');

const opened = openDevice({ backend: 'onnx-cpu', threads: 2 }).then((device) => {
  return device.compile(({ x }) => ({ y: tf.mul(x, x) }), { name: 'square' });
});

parentPort.on('message', async (x) => {
  const compiled = await opened;
  const { y } = await compiled.run({ x });
  parentPort.postMessage(y);
});
