import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../../../src/errors';
import { authorizationOf } from '../../../src/http/authorization';

/** As Node gives them: `headers` has the first of two. */
const requestWith = (...rawHeaders: string[]) => {
  const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'authorization');
  return { rawHeaders, headers: at < 0 ? {} : { authorization: rawHeaders[at + 1] } } as unknown as IncomingMessage;
};

describe('authorizationOf', () => {
  it('reads the header, whatever its case', () => {
    expect(authorizationOf(requestWith('Host', 'x', 'AUTHORIZATION', 'Bearer a'))).toBe('Bearer a');
  });

  it('finds none where there is none, also when a value reads like the name', () => {
    expect(authorizationOf(requestWith('Host', 'authorization', 'X-Note', 'authorization'))).toBeUndefined();
    expect(authorizationOf(requestWith('X-Note', 'authorization', 'Authorization', 'Bearer a'))).toBe('Bearer a');
  });

  it('refuses two, even when they are equal', () => {
    const two = requestWith('Authorization', 'Bearer a', 'authorization', 'Bearer a');
    expect(() => authorizationOf(two)).toThrow(UnauthenticatedError);
    expect(() => authorizationOf(two)).toThrow('expected one header, got 2');
  });
});
