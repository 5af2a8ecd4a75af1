import { useEffect, useState } from 'react';

import { authorizationOf } from '../../app/authorization';
import { fetchInTime } from '../../app/fetch-in-time';
import { useKey } from '../../app/key-store';

/** @returns What the server has at a path; null until it is there, an error's text when it is not to be had. */
export function useText(path: string): { readonly text: string | null; readonly error: string | null } {
  const [state, setState] = useState<{ text: string | null; error: string | null }>({ text: null, error: null });
  const authorization = authorizationOf(useKey());
  useEffect(() => {
    let isCurrent = true;
    const load = async () => {
      try {
        const response = await fetchInTime(path, { headers: authorization === undefined ? {} : { authorization } });
        const text = await response.text();
        if (isCurrent) setState(response.ok ? { text, error: null } : { text: null, error: text });
      } catch {
        if (isCurrent)
          setState({ text: null, error: 'The server does not answer. Load the page again when it is back.' });
      }
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [path, authorization]);
  return state;
}
