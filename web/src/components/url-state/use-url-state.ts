/** State of a view in its address: it can be shared, and the back button restores it. */
import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** How one value is written into an address. */
export interface UrlValue<T> {
  /** @param text - Null: the address does not have it. @returns The default for what makes no sense. */
  read(text: string | null): T;
  /** @returns Null for the default, which no address needs. */
  write(value: T): string | null;
}

export const textValue: UrlValue<string> = {
  read: (text) => text ?? '',
  write: (value) => (value === '' ? null : value),
};

/** Null: none is given. */
export const numberValue: UrlValue<number | null> = {
  read: (text) => (text === null || text === '' || !Number.isFinite(Number(text)) ? null : Number(text)),
  write: (value) => (value === null ? null : String(value)),
};

export function numberOr(usual: number): UrlValue<number> {
  return {
    read: (text) => numberValue.read(text) ?? usual,
    write: (value) => (value === usual ? null : String(value)),
  };
}

export const flagValue: UrlValue<boolean> = {
  read: (text) => text === '1',
  write: (value) => (value ? '1' : null),
};

/** Values in their order, each once or more often. */
export const listValue: UrlValue<readonly string[]> = {
  read: (text) => (text === null || text === '' ? [] : text.split(',').map(decoded)),
  write: (values) => (values.length === 0 ? null : values.map(encodeURIComponent).join(',')),
};

/** Null: none is given; an empty list is one that was emptied. */
export const listOrNull: UrlValue<readonly string[] | null> = {
  read: (text) => (text === null ? null : listValue.read(text)),
  write: (values) => values && (listValue.write(values) ?? ''),
};

/** Codes of a semantic ID, as `12.24`. */
export const codesValue: UrlValue<readonly number[]> = {
  read: (text) => (/^\d+(\.\d+)*$/.test(text ?? '') ? text!.split('.').map(Number) : []),
  write: (codes) => (codes.length === 0 ? null : codes.join('.')),
};

/** An address that was typed may have a `%` that means nothing else. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function oneOf<const T extends string>(values: readonly T[], usual: T): UrlValue<T> {
  return {
    read: (text) => values.find((value) => value === text) ?? usual,
    write: (value) => (value === usual ? null : value),
  };
}

export type UrlShape<State> = { readonly [Name in keyof State]: UrlValue<State[Name]> };

/** Changes replace the address, unless `push` says that back should lead here. */
export type ChangeUrlState<State> = (changes: Partial<State>, options?: { readonly push?: boolean }) => void;

/** Where no browser is, as in tests of the values, nobody reads it. */
declare const window: { readonly location: { readonly search: string } };

/** @param shape - The same object each time. */
export function useUrlState<State extends object>(shape: UrlShape<State>): readonly [State, ChangeUrlState<State>] {
  const { search } = useLocation();
  const navigate = useNavigate();
  const state = useMemo(() => readState(shape, new URLSearchParams(search)), [search, shape]);
  const change = useCallback<ChangeUrlState<State>>(
    (changes, { push = false } = {}) => {
      // The browser's address, not React's, which follows later: of two changes at once the second would undo the first.
      const next = changedSearch(window.location.search, shape, changes);
      // Drawn at once: a field that adds to a list takes what is drawn for the list, and would drop what was added meanwhile.
      void navigate({ search: next }, { replace: !push, preventScrollReset: true, flushSync: true });
    },
    [navigate, shape],
  );
  return [state, change];
}

function readState<State extends object>(shape: UrlShape<State>, params: URLSearchParams): State {
  const names = Object.keys(shape) as (keyof State & string)[];
  return Object.fromEntries(names.map((name) => [name, shape[name].read(params.get(name))])) as State;
}

/** @param search - What an address has behind its `?`. @returns The same with the changes. */
export function changedSearch<State extends object>(
  search: string,
  shape: UrlShape<State>,
  changes: Partial<State>,
): string {
  const next = new URLSearchParams(search);
  for (const name of Object.keys(changes) as (keyof State & string)[]) {
    const text = shape[name].write(changes[name] as State[typeof name]);
    if (text === null) next.delete(name);
    else next.set(name, text);
  }
  return next.toString();
}
