/** Escape closes the uppermost dialog alone. Mantine's own dialogs each listen for themselves, and one key would close all. */
import { useEffect, useEffectEvent } from 'react';

/** What closes each dialog that is open, the uppermost last. */
const open: (() => void)[] = [];

/** A list that is open within a dialog marks its field so, and closes by itself. */
const OWN = '[data-mantine-stop-propagation=true]';

/** @param close - Called with Escape while no other dialog is above this one. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const closeLatest = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return;
    const entry = () => closeLatest();
    if (open.push(entry) === 1) window.addEventListener('keydown', closeUppermost, true);
    return () => {
      open.splice(open.indexOf(entry), 1);
      if (open.length === 0) window.removeEventListener('keydown', closeUppermost, true);
    };
  }, [isOpen]);
}

function closeUppermost(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (!(event.target instanceof Element && event.target.matches(OWN))) open.at(-1)?.();
}
