/** Who looks at the console, as far as the key says. */

import { useFreshQuery } from '../components/states/use-fresh-query';
import { type Role, ViewerDocument } from '../graphql/graphql';
import { useKey } from './key-store';

const RANK: Record<Role, number> = { READER: 0, WRITER: 1, ADMIN: 2 };

export interface Viewer {
  readonly hasKey: boolean;
  /** Null for visitors, and while the server has not answered. */
  readonly role: Role | null;
  /** False while the server has not answered what the key allows: it has the last word anyway. */
  readonly isKnown: boolean;
  readonly mayWrite: boolean;
  readonly isAdmin: boolean;
}

export function useViewer(): Viewer {
  const hasKey = useKey() !== null;
  const [{ data }] = useFreshQuery({ query: ViewerDocument });
  // The answer about a forgotten key stays until the server has given another.
  const role = hasKey ? (data?.viewer.role ?? null) : null;
  const rank = role === null ? -1 : RANK[role];
  return {
    hasKey,
    role,
    isKnown: !hasKey || data !== undefined,
    mayWrite: rank >= RANK.WRITER,
    isAdmin: rank >= RANK.ADMIN,
  };
}
