/** @returns The message of whatever was thrown. It asks for no class: an error may come from another realm, which has its own. */
export function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
