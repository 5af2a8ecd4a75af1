import { useRef } from 'react';

/** For a dialog that closes: it still shows its question while it fades. @returns The value; while it is null, the one before. */
export function useLast<T>(value: T | null): T | null {
  const last = useRef(value);
  if (value !== null) last.current = value;
  return last.current;
}
