/** What a key may do, and a key whose secret is still known. */
import type { Role } from '../../graphql/graphql';

export interface NewKey {
  readonly name: string;
  readonly secret: string;
}

export const ROLES: Readonly<Record<Role, { label: string; text: string }>> = {
  READER: { label: 'Reader', text: 'may read' },
  WRITER: { label: 'Writer', text: 'may read, and record interactions and feedback' },
  ADMIN: { label: 'Admin', text: 'may do everything' },
};
