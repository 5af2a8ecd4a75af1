import { useCallback, useState } from 'react';

type Chosen<T> = ReadonlyMap<string, T>;

const NOTHING = new Map<string, never>();

interface Choice<T> {
  /** By their IDs. */
  readonly chosen: Chosen<T>;
  toggle(row: T): void;
  drop(): void;
}

/** Chosen rows of one list. @param list - Names it: of another list nothing is chosen, however it came to be shown. */
export function useChoice<T extends { readonly id: string }>(list: string): Choice<T> {
  const [choice, setChoice] = useState<{ readonly list: string; readonly rows: Chosen<T> }>({ list, rows: NOTHING });
  const toggle = useCallback(
    (row: T) =>
      setChoice((before) => {
        const rows = new Map<string, T>(before.list === list ? before.rows : NOTHING);
        if (!rows.delete(row.id)) rows.set(row.id, row);
        return { list, rows };
      }),
    [list],
  );
  const drop = () => setChoice({ list, rows: NOTHING });
  return { chosen: choice.list === list ? choice.rows : NOTHING, toggle, drop };
}
