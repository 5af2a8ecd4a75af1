/** Records about the catalogue as a whole, as the ports give them. */
export type { CatalogueChange as CatalogueChangeRecord } from './types';
