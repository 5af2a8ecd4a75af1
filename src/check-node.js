/**
 * Ends a Node that package.json does not name with one line, before anything that it cannot read is loaded. Import it first. It is plain
 * JavaScript, since the set-up imports it too, and it is written for any Node.
 */
const { existsSync, readFileSync } = require('fs');
const { join } = require('path');

const above = join(__dirname, '..');
const root = existsSync(join(above, 'package.json')) ? above : join(above, '..'); // src/ or dist/src/
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const ranges = engines.node.split(' || ').map(readRange);

if (!ranges.some(holdsThisNode)) {
  console.error(
    `tigerql: expected Node ${ranges.map(nameOf).join(', ')}, got ${process.versions.node} at ${process.execPath}; install one of these (nodejs.org)`,
  );
  process.exit(1);
}

/** `^22.12`: from 22.12 to the last 22. `>=24`: from 24 on. */
function readRange(text) {
  const [major, minor = 0] = text.replace(/^\D+/, '').split('.').map(Number);
  return { major, minor, goesOn: text.startsWith('>=') };
}

function holdsThisNode({ major, minor, goesOn }) {
  const [thisMajor, thisMinor] = process.versions.node.split('.').map(Number);
  return (goesOn && thisMajor > major) || (thisMajor === major && thisMinor >= minor);
}

function nameOf({ major, minor, goesOn }) {
  return goesOn ? `${major} or newer` : `${major} (from ${major}.${minor})`;
}
