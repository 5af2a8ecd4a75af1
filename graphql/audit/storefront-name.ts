/** How the audit log names the callers with a storefront token. */

export function storefrontName(userExternalId: string): string {
  return `storefront user ${userExternalId}`;
}

/** In place of the name of a user who was erased. */
export const ERASED_NAME = 'erased storefront user';
