/** Whether the server is there, as the WebSocket sees it; every page may look at it. */
import { useSyncExternalStore } from 'react';

/** `refused`: the server does not accept the key. */
export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'refused';

let state: ConnectionState = 'connecting';
/** News may have been missed since it was connected. */
let isBehind = false;
const listeners = new Set<() => void>();
const healed = new Set<() => void>();

export const connection = {
  get: (): ConnectionState => state,
  set(next: ConnectionState): void {
    if (next === state) return;
    const isHealed = isBehind && next === 'connected';
    state = next;
    if (next === 'connected') isBehind = false;
    else if (next !== 'connecting') isBehind = true;
    for (const listener of listeners) listener();
    if (isHealed) for (const listener of healed) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Called each time that the server is back after a loss, or accepts a key again. */
  onHealed(listener: () => void): () => void {
    healed.add(listener);
    return () => healed.delete(listener);
  },
};

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.get);
}
