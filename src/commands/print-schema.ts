/** `npm run schema`: writes graphql/schema.graphql. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { printTigerSchema } from '../../graphql/schema';
import { PACKAGE_ROOT } from '../paths';

writeFileSync(join(PACKAGE_ROOT, 'graphql', 'schema.graphql'), printTigerSchema());
