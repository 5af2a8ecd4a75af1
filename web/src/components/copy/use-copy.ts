/** Copies a text. A page over plain HTTP has no clipboard: there the text is selected, and the person copies it. */
import { type RefObject, useState } from 'react';

const SHOWN_MS = 2_000;

/** `selected`: it is not copied yet. */
export type CopyState = 'idle' | 'copied' | 'selected';

/** @param place - The element that shows the text. */
export function useCopy(text: string, place: RefObject<HTMLElement | null>): readonly [CopyState, () => void] {
  const [state, setState] = useState<CopyState>('idle');
  const copy = async () => {
    if (!(await isCopied(text))) {
      if (place.current) getSelection()?.selectAllChildren(place.current);
      return setState('selected');
    }
    setState('copied');
    setTimeout(() => setState('idle'), SHOWN_MS);
  };
  return [state, () => void copy()];
}

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
