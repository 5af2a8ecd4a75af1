/** Finds the key of a WebSocket. Client libraries put it in different places, and a client with a key must not count as one without. */
import { UnauthenticatedError } from '../errors';

type Values = Readonly<Record<string, unknown>>;

/** Names under which clients give a key at places that the server does not read. */
const LOOKS_LIKE_A_KEY = /auth|bearer|token|secret|jwt|(api|access)[-_]?key|^key$/i;

/**
 * Reads `connectionParams.authorization`, `connectionParams.headers.authorization` and the header of the upgrade request. Upper and lower
 * case are the same.
 *
 * @returns Such as `Bearer <key>`; undefined when the client gave no key at all.
 * @throws {UnauthenticatedError} For a value that is no text, for two that differ, and for a key at another place.
 */
export function authorizationOfSocket(params: unknown, ofUpgrade: string | undefined): string | undefined {
  const given = [
    ...(isRecord(params) ? paramsOf(params) : []),
    ...entriesNamed('authorization', { authorization: ofUpgrade }, 'the upgrade request'),
  ];
  const wrong = given.find(([, value]) => typeof value !== 'string');
  if (wrong) throw new UnauthenticatedError(`${wrong[0]}: expected a text, got another type`);
  const values = [...new Set(given.map(([, value]) => value as string))];
  if (values.length <= 1) return values[0];
  throw new UnauthenticatedError(
    `authorization: expected one value, got different ones in ${given.map(([place]) => place).join(' and ')}`,
  );
}

function paramsOf(params: Values): [string, unknown][] {
  const headers = entriesNamed('headers', params, 'connectionParams');
  refuseOtherPlaces(params, 'connectionParams');
  return [
    ...entriesNamed('authorization', params, 'connectionParams'),
    ...headers.flatMap(([place, value]) => {
      if (!isRecord(value)) throw new UnauthenticatedError(`${place}: expected an object, got another type`);
      refuseOtherPlaces(value, place);
      return entriesNamed('authorization', value, place);
    }),
  ];
}

function refuseOtherPlaces(values: Values, place: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (isAbsent(value) || name.toLowerCase() === 'authorization' || !LOOKS_LIKE_A_KEY.test(name)) continue;
    throw new UnauthenticatedError(`${place}.${name}: expected the key in connectionParams.authorization, got it here`);
  }
}

function entriesNamed(name: string, values: Values, place: string): [string, unknown][] {
  return Object.entries(values)
    .filter(([key, value]) => key.toLowerCase() === name && !isAbsent(value))
    .map(([key, value]) => [`${place}.${key}`, value]);
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
