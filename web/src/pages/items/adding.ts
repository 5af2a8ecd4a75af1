import type { Guard } from '../../components/change/use-guard';

/** What the server asks of whoever adds items. */
export const ADDING: Guard = { needs: 'ADMIN', deed: 'Adding items' };
