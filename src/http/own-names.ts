/**
 * Knows the names under which this server may be called.
 *
 * A foreign page can let its own name point to this machine (DNS rebinding). Its requests then look as if they came from a page of this
 * server, and the browser lets the page read the answers. The name in `Host` and `Origin` shows the truth.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

import type { RequestHandler } from 'express';

import type { Config } from '../config';
import { PublicError } from '../errors';

/** Names under these endings cannot be bought, so that no foreign page has one. */
const LOCAL_ENDINGS = ['.localhost', '.local', '.lan', '.internal', '.home.arpa'];

type Names = Pick<Config, 'allowedOrigins' | 'publicUrls'>;

/** Whether a page of this origin may open WebSockets. Browsers always send the origin then, other programs need not. */
export function isOriginAllowed({ headers }: IncomingMessage, config: Names): boolean {
  const { origin, host } = headers;
  return origin === undefined || isOwnOrigin(origin, host, config);
}

/** Whether a browser that sends this request means this server, by a name that belongs to it. */
export function isHostOwn({ headers: { host } }: IncomingMessage, config: Names): boolean {
  if (host === undefined || config.allowedOrigins.includes('*')) return true;
  const url = urlOf(`http://${host}`);
  return url !== null && isOwnName(url.hostname, config);
}

/**
 * Whether a page of this server sent the request, or one that may call it. Foreign pages cannot forge these headers. Over plain HTTP,
 * other than from localhost, a browser sends `Referer` alone.
 */
export function isFromOwnPage({ headers }: IncomingMessage, config: Names): boolean {
  const { host, origin, referer, 'sec-fetch-site': site } = headers;
  if (site === 'same-origin') return true;
  const page = origin ?? (site === undefined ? urlOf(referer ?? '')?.origin : undefined);
  return page !== undefined && isOwnOrigin(page, host, config);
}

/** A page that got its own name to point here (DNS rebinding) has no key, so those who have one may use any name. */
export function refuseForeignNames(config: Config): RequestHandler {
  return (request, _response, next) => {
    if (request.headers.authorization !== undefined || isHostOwn(request, config)) return next();
    const { host } = request.headers;
    // An operator reads this first when the server gets its public name.
    const advice = `set PUBLIC_URL to the server's public origin, such as https://${host}`;
    const message = `host: expected a name of this server, got ${JSON.stringify(host)}; send a key, or ${advice}`;
    throw new PublicError('FORBIDDEN', message, 403);
  };
}

function isOwnOrigin(origin: string, host: string | undefined, config: Names): boolean {
  const { allowedOrigins, publicUrls } = config;
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin) || publicUrls.includes(origin)) return true;
  const url = urlOf(origin);
  return url !== null && url.host === host && isOwnName(url.hostname, config);
}

function isOwnName(name: string, { allowedOrigins, publicUrls }: Names): boolean {
  return isLocalName(name) || [...publicUrls, ...allowedOrigins].some((url) => urlOf(url)?.hostname === name);
}

/** An address, the machine's own name, and names that only a local network gives out. */
function isLocalName(name: string): boolean {
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || !name.includes('.')) return true;
  return name === hostname().toLowerCase() || LOCAL_ENDINGS.some((ending) => name.endsWith(ending));
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
