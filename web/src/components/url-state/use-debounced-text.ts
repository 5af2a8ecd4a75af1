import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import { isLeaving } from '../../app/leaving';

const WAIT_MS = 250;

/**
 * For fields whose text goes into the address: the field follows the keys at once, the address when they rest.
 *
 * @param committed - What the address says.
 * @param commit - Called with the text as it was typed: with another one the field would lose, say, the space between two words.
 */
export function useDebouncedText(
  committed: string,
  commit: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [text, setText] = useState(committed);
  const last = useRef(committed);
  const commitLater = useDebouncedCallback((next: string, typedAt: string) => {
    const { href } = window.location;
    // The address has changed since. Once that is drawn, the effect below knows whether the text still belongs to it. Or another page is
    // on its way, which a change of this one's address would call off.
    if (isLeaving() || href !== typedAt) return commitLater(next, href);
    last.current = next;
    commit(next);
  }, WAIT_MS);
  // The address was changed by something else than this field, such as the back button.
  useEffect(() => {
    if (committed === last.current) return;
    last.current = committed;
    // The last typed text belongs to the former address.
    commitLater.cancel();
    setText(committed);
  }, [committed, commitLater]);
  return [
    text,
    (next) => {
      setText(next);
      commitLater(next, window.location.href);
    },
  ];
}
