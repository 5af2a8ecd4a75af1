/** The API key: kept for this tab alone, and gone with it. */
import { useSyncExternalStore } from 'react';
import { stringifyDocument } from 'urql';

import { CheckKeyDocument } from '../graphql/graphql';

const NAME = 'tigerql.key';

const listeners = new Set<() => void>();
const askers = new Set<(reason?: string) => void>();

export const keyStore = {
  get: (): string | null => sessionStorage.getItem(NAME),
  set(key: string | null): void {
    if (key === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** @param ask - Called with the reason when someone must type a key. */
  onAsk(ask: (reason?: string) => void): () => void {
    askers.add(ask);
    return () => askers.delete(ask);
  },
};

/** Opens the dialog. @param reason - Why a key is asked for now. */
export function askForKey(reason?: string): void {
  for (const ask of askers) ask(reason);
}

/** @returns The key of this tab; null without one. */
export function useKey(): string | null {
  return useSyncExternalStore(keyStore.subscribe, keyStore.get);
}

/** @returns Why the server wants another key, for people. */
export function refusalOf(key: string | null): string {
  return key === null ? 'This server shows nothing without a key.' : 'The server does not accept this key any more.';
}

/** @returns What `Authorization` says; undefined without a key. */
export function authorizationOf(key: string | null): string | undefined {
  return key === null ? undefined : `Bearer ${key}`;
}

/** @returns What is wrong with the key, for people; null when it is right. */
export async function checkKey(key: string): Promise<string | null> {
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has only letters, digits and signs.';
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: authorizationOf(key) ?? '' },
      body: JSON.stringify({ query: stringifyDocument(CheckKeyDocument) }),
    });
    const { errors } = (await response.json()) as { errors?: { message: string; extensions?: { code?: string } }[] };
    if (errors === undefined) return null;
    return errors[0].extensions?.code === 'UNAUTHENTICATED' ? 'The server does not know this key.' : errors[0].message;
  } catch {
    return 'The server does not answer. Try again in a moment.';
  }
}
