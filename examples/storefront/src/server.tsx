/** The shop's server: pages, forms, pictures, and tokens for its pages' scripts. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { TigerqlClient } from '@tigerql/client';
import { renderToString } from 'react-dom/server';

import { actions } from './actions';
import { App } from './app';
import { CATEGORY_NAMES } from './demo/describe';
import { pictureOf } from './demo/picture';
import type { Page, PageData } from './page';
import { sessionOf, type Session } from './sessions';
import { settings } from './settings';
import { PageReader, record, storefrontToken } from './shop';

const BROWSER_FILES = join(import.meta.dirname, '..', 'browser');
const MAX_FORM_BYTES = 10_000;
/** Pages load from this server alone, and ask tigerql. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  `img-src 'self' ${new URL(process.env.SHOP_URL ?? 'http://localhost:3000').origin}`,
  `connect-src 'self' ${new URL(settings.api).origin}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILES: Readonly<Record<string, { readonly type: string; readonly body: Buffer }>> = {
  '/browser.js': { type: 'text/javascript', body: readFileSync(join(BROWSER_FILES, 'browser.js')) },
  '/browser.css': { type: 'text/css', body: readFileSync(join(BROWSER_FILES, 'browser.css')) },
};

/** @returns The address of the shop. */
export async function startShop(): Promise<string> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('The shop has a fault: see its log.');
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(settings.port, resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop');
  const path = url.pathname;
  if (request.method === 'GET' && path in FILES) return send(response, FILES[path].type, FILES[path].body, 'no-cache');
  const title = /^\/pictures\/(.*)\.svg$/.exec(path)?.[1];
  if (title !== undefined) {
    const picture = pictureOf(decodeURIComponent(title));
    return send(response, 'image/svg+xml', picture, 'public, max-age=86400');
  }
  const session = sessionOf(request, response);
  if (request.method === 'POST') return act(path, session, request, response);
  const reader = new PageReader(session.shopper);
  const page = await pageOf(reader, path, url.searchParams, session);
  if (page.kind === 'missing') response.statusCode = 404;
  if (page.kind === 'away') response.statusCode = 503;
  const { users, api } = settings;
  const { shopper, cart } = session;
  const data = { api, users, shopper, cart, categories: CATEGORY_NAMES, isStale: reader.isStale, page };
  response.setHeader('content-security-policy', POLICY);
  send(response, 'text/html; charset=utf-8', render(data), 'no-store');
}

async function pageOf(reader: PageReader, path: string, query: URLSearchParams, session: Session): Promise<Page> {
  if (path === '/') return reader.home();
  if (path === '/items') return reader.items(query);
  if (path === '/cart') return reader.cart(session.cart);
  if (path === '/thanks') return reader.thanks();
  const item = /^\/items\/(.+)$/.exec(path)?.[1];
  if (item === undefined) return { kind: 'missing' };
  const page = await reader.item(decodeURIComponent(item), query.get('list'));
  if (page.kind === 'item') void record(session.shopper, 'VIEW', page.item.externalId);
  return page;
}

function render(data: PageData): string {
  const client = new TigerqlClient({ url: data.api }); // asks nothing here: what a page shows is in its data
  return `<!doctype html>${renderToString(<App data={data} client={client} />)}`;
}

/** Scripts get an answer in JSON; forms go on to a page. */
async function act(path: string, session: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (path === '/token') return send(response, 'text/plain', await storefrontToken(session.shopper), 'no-store');
  const action = actions[path];
  if (action === undefined) {
    response.statusCode = 404;
    return send(response, 'text/plain', 'The shop has no such form.', 'no-store');
  }
  const target = await action(session, await formOf(request));
  if (request.headers.accept === 'application/json') {
    return send(response, 'application/json', JSON.stringify({ cart: session.cart }), 'no-store');
  }
  const { pathname, search } = new URL(request.headers.referer ?? '/', 'http://shop');
  response.writeHead(303, { location: target ?? `${pathname}${search}` }).end();
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_FORM_BYTES) throw new Error(`form: expected ${MAX_FORM_BYTES} bytes at most, got more`);
  }
  return new URLSearchParams(text);
}

function send(response: ServerResponse, type: string, body: string | Buffer, caching: string): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.writeHead(response.statusCode, { 'content-type': type, 'cache-control': caching }).end(body);
}
