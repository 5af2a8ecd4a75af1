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

const NONE: readonly string[] = [];

/** Where no browser is, as in tests of the values, nobody reads it. */
declare const window: { readonly location: Address };

/**
 * @param shape - The same object each time.
 * @param long - Values that may be too long for a server to read in an address; the same list each time. See `addressOf`.
 */
export function useUrlState<State extends object>(
  shape: UrlShape<State>,
  long: readonly string[] = NONE,
): readonly [State, ChangeUrlState<State>] {
  const location = useLocation();
  const navigate = useNavigate();
  const state = useMemo(() => readState(shape, paramsOf(location)), [location, shape]);
  const change = useCallback<ChangeUrlState<State>>(
    (changes, { push = false } = {}) => {
      // The browser's address, not React's, which follows later: of two changes at once the second would undo the first.
      const next = changedAddress(window.location, shape, changes, long);
      // Drawn at once: a field that adds to a list takes what is drawn for the list, and would drop what was added meanwhile.
      void navigate(next, { replace: !push, preventScrollReset: true, flushSync: true });
    },
    [navigate, shape, long],
  );
  return [state, change];
}

function readState<State extends object>(shape: UrlShape<State>, params: URLSearchParams): State {
  const names = Object.keys(shape) as (keyof State & string)[];
  return Object.fromEntries(names.map((name) => [name, shape[name].read(params.get(name))])) as State;
}

/** @returns Where the changes lead from an address. */
export function changedAddress<State extends object>(
  address: Address,
  shape: UrlShape<State>,
  changes: Partial<State>,
  long: readonly string[] = NONE,
): Address {
  const next = paramsOf(address);
  for (const name of Object.keys(changes) as (keyof State & string)[]) {
    const text = shape[name].write(changes[name] as State[typeof name]);
    if (text === null) next.delete(name);
    else next.set(name, text);
  }
  return addressOf(next, long);
}

export interface Address {
  readonly search: string;
  readonly hash: string;
}

/** @returns All values of an address, wherever in it they stand. */
export function paramsOf({ search, hash }: Address): URLSearchParams {
  const params = new URLSearchParams(search);
  for (const [name, value] of new URLSearchParams(hash.slice(1))) params.set(name, value);
  return params;
}

/**
 * @param long - Values that stand behind the `#`. No browser sends that part, so it may be as long as it likes; with 16 kB before it a
 *   server refuses the page.
 */
export function addressOf(params: URLSearchParams, long: readonly string[]): Address {
  const [before, behind] = [new URLSearchParams(), new URLSearchParams()];
  for (const [name, value] of params) (long.includes(name) ? behind : before).append(name, value);
  return { search: before.toString(), hash: behind.toString() };
}
