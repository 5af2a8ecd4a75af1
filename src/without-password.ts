/** The start of an address up to the user. By mistake some addresses have no `name://`. */
const TO_USER = /^([^:/]*:\/\/[^:]*|(?![^:/]*:\/\/)[^:]*):.*@/s;

/** @returns The address without its password, which must not get into terminals and logs. It may have any sign, `@`, `:` and `/` too. */
export function withoutPassword(address: string): string {
  return address.replace(TO_USER, '$1:…@').replace(/([?&]password=)[^&]*/gi, '$1…');
}
