import { ActionIcon, Tooltip } from '@mantine/core';
import { type RefObject, useRef, useState } from 'react';

import { Icon } from '../icon/icon';
import classes from './copy-block.module.css';

const WORDS: Readonly<Record<CopyState, string>> = {
  idle: 'Copy',
  copied: 'Copied',
  selected: 'Selected: press Ctrl + C',
};

interface CopyBlockProps {
  /** Names the text, such as `Command`. */
  readonly label: string;
  readonly text: string;
}

/** A text of several lines with a button that copies it. */
export function CopyBlock({ label, text }: CopyBlockProps) {
  const place = useRef<HTMLPreElement>(null);
  const [state, copy] = useCopy(text, place);
  return (
    <div className={classes.block}>
      <pre ref={place} className={classes.text} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <Tooltip label={WORDS[state]}>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={copy}
          aria-label={state === 'idle' ? `Copy the ${label.toLowerCase()}` : WORDS[state]}
        >
          <Icon name={state === 'copied' ? 'check' : 'copy'} size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

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

/** @param hasKey - Whether the server wants a key for it. The console shows its own key to nobody. @returns A command line. */
export function curlOf(body: { readonly query: string; readonly variables?: object }, hasKey: boolean): string {
  const headers = ['content-type: application/json', ...(hasKey ? ['authorization: Bearer YOUR_KEY'] : [])];
  const data = JSON.stringify(body).replaceAll("'", "'\\''");
  return [`curl ${location.origin}/graphql`, ...headers.map((header) => `-H '${header}'`), `-d '${data}'`].join(
    ' \\\n  ',
  );
}
