/** Asks the server whether a key is one of its own, before the key is kept. */
import { stringifyDocument } from 'urql';

import { CheckKeyDocument } from '../graphql/graphql';
import { authorizationOf } from './authorization';
import { fetchInTime } from './fetch-in-time';

/** @returns What is wrong with the key, for people; null when it is right. */
export async function checkKey(key: string): Promise<string | null> {
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has only letters, digits and signs.';
  try {
    const response = await fetchInTime('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: authorizationOf(key) ?? '' },
      body: JSON.stringify({ query: stringifyDocument(CheckKeyDocument) }),
    });
    const { errors } = (await response.json()) as { errors?: { message: string; extensions?: { code?: string } }[] };
    if (errors === undefined) return null;
    return errors[0].extensions?.code === 'UNAUTHENTICATED' ? 'The server does not know this key.' : errors[0].message;
  } catch {
    return 'The server does not answer. Try again in a moment.';
  }
}
