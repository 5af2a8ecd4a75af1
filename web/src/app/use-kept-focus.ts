import { type RefObject, useEffect } from 'react';

/** Longer than a dialog that closes takes to give the focus back to what has opened it. */
const RETURN_WAIT_MS = 50;

/**
 * For whoever uses keys or listens. When the focus goes with what had it, such as a button whose deed is done, they go on at the
 * content and not at the beginning of the page. A button that was disabled while its deed ran, and is there after a refusal, has the
 * focus again.
 */
export function useKeptFocus(content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: EventTarget | null = null;
    const note = ({ target }: FocusEvent) => (last = target);
    const isLost = () => document.activeElement === document.body;
    const keep = (records: readonly MutationRecord[]) => {
      if (!(last instanceof HTMLElement) || !isLost()) return;
      if (!last.isConnected) {
        last = null;
        content.current?.focus({ preventScroll: true });
      } else if (records.some(({ type, target }) => type === 'attributes' && target === last)) {
        const button = last;
        if (!button.matches(':disabled'))
          setTimeout(() => isLost() && button.focus({ preventScroll: true }), RETURN_WAIT_MS);
      }
    };
    document.addEventListener('focusin', note);
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      document.removeEventListener('focusin', note);
      observer.disconnect();
    };
  }, [content]);
}
