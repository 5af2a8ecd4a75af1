import { useSyncExternalStore } from 'react';

/** @returns Whether the page can be seen: false while it is in a background tab. */
export function useIsSeen(): boolean {
  return useSyncExternalStore(onSight, () => document.visibilityState !== 'hidden');
}

function onSight(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
