/** The form of a request, checked before anything else: a proxy in front must not read it in another way than this server. */
import type { IncomingMessage } from 'node:http';

/** Node passes over headers after the 2,000th, and a key could be among them. */
const MAX_HEADERS = 200;
/** A target such as `http://shop.example/graphql`, as clients of a proxy send it. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)\/?(.*)$/i;

export interface FormFault {
  readonly status: number;
  readonly message: string;
}

type FormOf = Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>;

/** @returns What is wrong; null when the request may be read. */
export function formFault({ rawHeaders, httpVersion }: FormOf): FormFault | null {
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return { status: 431, message: `headers: expected at most ${MAX_HEADERS}, got more` };
  const hosts = countHeaders('host', rawHeaders);
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return null;
  return { status: 400, message: `host: expected one header, got ${hosts === 0 ? 'none' : hosts}` };
}

/** Node passes over the second header of some names, and a proxy in front may have checked that one. @param name - In lower case. */
export function countHeaders(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  // A name, its value, the next name, and so on.
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i].length === name.length && rawHeaders[i].toLowerCase() === name) count++;
  return count;
}

/** Writes a target with a host as a path. What the target says of the host counts, and not the header (RFC 9112, section 3.2.2). */
export function toOriginForm(request: Pick<IncomingMessage, 'url' | 'headers'>): void {
  if (request.url?.startsWith('/')) return;
  const target = ABSOLUTE_FORM.exec(request.url ?? '');
  if (!target) return;
  request.headers.host = target[1];
  request.url = `/${target[2]}`;
}
