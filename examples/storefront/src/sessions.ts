/** Who shops, and what is in the cart: kept in memory, by a cookie that scripts cannot read. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Shopper } from './lists';
import type { CartLine } from './page';

export interface Session {
  shopper: Shopper;
  cart: readonly CartLine[];
}

const MAX_SESSIONS = 10_000;
const COOKIE = /(?:^|; )shop=([\w-]+)/;

const sessions = new Map<string, Session>();

/** @returns The caller's session; a new one comes with its cookie. */
export function sessionOf(request: IncomingMessage, response: ServerResponse): Session {
  const id = COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const present = sessions.get(id);
  if (present) {
    sessions.delete(id);
    sessions.set(id, present);
    return present;
  }
  const made: Session = { shopper: newVisitor(), cart: [] };
  const newId = randomUUID();
  sessions.set(newId, made);
  if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value!);
  response.setHeader('set-cookie', `shop=${newId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`);
  return made;
}

export function newVisitor(): Shopper {
  return { user: null, visitor: randomUUID() };
}
