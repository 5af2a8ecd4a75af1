/**
 * Jest runs tests in a realm with typed arrays of its own, which native add-ons such as onnxruntime-node do not take for
 * typed arrays. This environment gives the tests the outer realm's. It also lets the files that one process runs share what V8 has
 * compiled of the modules that they load.
 */
const vm = require('node:vm');

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

/** The compiled script of each module that this process has loaded. */
const compiled = new Map();

/**
 * Jest compiles every module anew for every test file, which was a third of what a file of quick tests computes. A script, unlike the
 * function that Jest asks for, can run in any realm, with all that was compiled of it before. It knows no `import()`, as in Jest without
 * Node's flag for it, and so keeps no realm alive.
 */
vm.compileFunction = (source, parameters, { filename, parsingContext }) => {
  const head = `(function (${parameters.join(', ')}) {`;
  let known = compiled.get(filename);
  if (known?.source !== source || known.head !== head) {
    known = { source, head, script: new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length }) };
    compiled.set(filename, known);
  }
  return known.script.runInContext(parsingContext);
};
