/** The demo shop that is shipped: UCI Online Retail, see seeds/online-retail/ATTRIBUTION.md. */
import { join } from 'node:path';
import { PACKAGE_ROOT } from './paths';

export const DEMO_DIR = join(PACKAGE_ROOT, 'seeds', 'online-retail');
