/** Writes graphql/schema.graphql: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { printTigerSchema } from '../../graphql/schema';
import { PACKAGE_ROOT } from '../paths';

writeFileSync(join(PACKAGE_ROOT, 'graphql', 'schema.graphql'), printTigerSchema());
