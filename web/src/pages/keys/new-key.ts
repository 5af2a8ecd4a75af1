import type { Role } from '../../graphql/graphql';

/** A key that was made while this page was open. */
export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly secret: string;
  readonly isRevoked: boolean;
}

export const ROLES: Readonly<Record<Role, { label: string; text: string }>> = {
  READER: { label: 'Reader', text: 'may read' },
  WRITER: { label: 'Writer', text: 'may read and record interactions' },
  ADMIN: { label: 'Admin', text: 'may do everything' },
};
