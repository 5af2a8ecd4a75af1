/**
 * Jest runs tests in a realm with typed arrays of its own, which native add-ons such as onnxruntime-node do not take for
 * typed arrays. This environment gives the tests the outer realm's.
 */
const { TestEnvironment } = require('jest-environment-node');

const SHARED = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

const MIN_TIMEOUT_MS = 240_000;

module.exports = class OuterRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED) this.global[name] = globalThis[name];
  }

  /** A busy machine fails no test: a limit is there to end what hangs. */
  handleTestEvent({ name, hook, test }, { testTimeout }) {
    const one = { hook_start: hook, test_fn_start: test }[name];
    if (one) one.timeout = Math.max(one.timeout ?? testTimeout, MIN_TIMEOUT_MS);
  }
};
