/** Preloaded into a process: its folders are on a disk of a machine that has vanished. It waits for them a hundredth as long as it says. */
const fs = require('node:fs/promises');

const { setTimeout } = globalThis;

globalThis.setTimeout = (work, ms, ...args) => setTimeout(work, ms / 100, ...args);

fs.readdir = () => {
  process.stderr.write('waiting\n');
  return new Promise(() => setInterval(() => undefined, 1_000));
};
