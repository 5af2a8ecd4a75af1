/** The named documents of graphql/operations, as tests send them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

const FOLDER = join(PACKAGE_ROOT, 'graphql', 'operations');

/** The documents of graphql/operations, by file name without its ending. */
export const OPERATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace('.graphql', ''), readFileSync(join(FOLDER, file), 'utf8')]),
);
