/** The API key: kept for this tab alone, and gone with it. */
import { useSyncExternalStore } from 'react';

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
