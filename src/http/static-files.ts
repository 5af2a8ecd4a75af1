/** The built console at `/`, the shared documents and the schema as text. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { type GraphQLSchema, printSchema } from 'graphql';

import { PACKAGE_ROOT } from '../paths';
import type { OnlyFor } from './only-for';

const CONSOLE = join(PACKAGE_ROOT, 'dist', 'web');
const ASSETS = join(CONSOLE, 'assets');
const OPERATIONS = join(PACKAGE_ROOT, 'graphql', 'operations');
/** What the build leaves beside a text, best first. */
const ENCODINGS = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/** Assets have a hash in their names and are kept for ever; the page names them and is asked for each time. */
export function staticFiles(schema: GraphQLSchema, allow: OnlyFor): Router {
  const operations = readOperations();
  const schemaText = printSchema(schema);
  const routes = Router();
  routes.get('/operations', allow('READER'), (_request, response) => {
    response.json(operations);
  });
  routes.get('/schema.graphql', allow('READER'), (_request, response) => {
    response.type('text/plain').send(schemaText);
  });
  routes.use('/assets', precompressed(), express.static(ASSETS, { immutable: true, maxAge: '1y' }));
  routes.use('/assets', (_request, response) => void response.status(404).type('text/plain').send('No such asset.'));
  routes.use(express.static(CONSOLE, { index: false }));
  routes.get('/{*path}', page());
  return routes;
}

/** @returns The named documents, as the console's API page offers them. */
function readOperations(): { name: string; document: string }[] {
  return readdirSync(OPERATIONS)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.replace('.graphql', ''))
    .sort()
    .map((name) => ({ name, document: readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8') }));
}

/** Turns a request for an asset into one for its compressed form, when the build made one that the browser reads. */
function precompressed(): RequestHandler {
  const files = new Set(existsSync(ASSETS) ? readdirSync(ASSETS) : []);
  return (request, response, next) => {
    const name = request.path.slice(1);
    const found = ENCODINGS.find(
      ({ encoding, suffix }) => files.has(name + suffix) && request.acceptsEncodings(encoding),
    );
    response.vary('accept-encoding');
    if (found) {
      response.type(extname(name)).setHeader('content-encoding', found.encoding);
      request.url = `/${name}${found.suffix}`;
    }
    next();
  };
}

/** The console has a URL for each view; all of them are this one page. */
function page(): RequestHandler {
  const path = join(CONSOLE, 'index.html');
  const html = existsSync(path) ? readFileSync(path, 'utf8') : null;
  return (request, response, next) => {
    if (!isPage(request)) return next();
    if (html === null) {
      return void response.status(503).type('text/plain').send('The console is not built. Run: npm run build');
    }
    const nonce = randomBytes(16).toString('base64');
    admitStyles(response, nonce);
    response.setHeader('cache-control', 'no-cache');
    response.type('html').send(html.replaceAll('%NONCE%', nonce));
  };
}

/** A browser that opens an address asks for HTML by name; a program that errs gets 404. */
function isPage({ path, headers }: Request): boolean {
  return path === '/' || (headers.accept ?? '').includes('text/html');
}

/** The component kit writes its colours into a <style> element; the policy admits only those that carry the nonce. */
function admitStyles(response: Response, nonce: string): void {
  const policy = String(response.getHeader('content-security-policy'));
  response.setHeader(
    'content-security-policy',
    policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`),
  );
}
