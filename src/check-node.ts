/** Ends an old Node with one line, before anything that it cannot read is loaded. Import it first; write it for any Node. */
import { readFileSync } from 'fs';
import { join } from 'path';

import { PACKAGE_ROOT } from './paths';

const { engines } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
const oldest = engines.node.replace(/^>=/, '');

if (!isAtLeast(process.versions.node, oldest)) {
  console.error(
    `tigerql: Node ${oldest} or newer is needed, got ${process.versions.node} at ${process.execPath}; install a newer Node (nodejs.org)`,
  );
  process.exit(1);
}

function isAtLeast(version: string, least: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
