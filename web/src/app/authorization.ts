/** @returns What `Authorization` says; undefined without a key. */
export function authorizationOf(key: string | null): string | undefined {
  return key === null ? undefined : `Bearer ${key}`;
}
