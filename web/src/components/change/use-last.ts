import { useRef } from 'react';

/** For a dialog that closes: while it fades it says still what it asked. @returns The value; where it is null, the last one. */
export function useLast<T>(value: T | null): T | null {
  const last = useRef(value);
  if (value !== null) last.current = value;
  return last.current;
}
