/** The built console at `/`, the shared documents and the schema as text. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { type GraphQLSchema, printSchema } from 'graphql';

import { PACKAGE_ROOT } from '../paths';
import type { OnlyFor } from './access';

const OPERATIONS = join(PACKAGE_ROOT, 'graphql', 'operations');

/** Assets have a hash in their names and browsers keep them; the page names them, and browsers ask for it each time. */
export function consoleRoutes(
  schema: GraphQLSchema,
  allow: OnlyFor,
  built = join(PACKAGE_ROOT, 'dist', 'web'),
): Router {
  const operations = Buffer.from(JSON.stringify(readOperations()));
  const schemaText = Buffer.from(printSchema(schema));
  const routes = Router();
  routes.get('/operations', allow('ANONYMOUS'), (_request, response) => {
    response.type('json').send(operations);
  });
  routes.get('/schema.graphql', allow('ANONYMOUS'), (_request, response) => {
    response.type('text/plain').send(schemaText);
  });
  routes.use('/assets', express.static(join(built, 'assets'), { immutable: true, maxAge: '1y' }));
  // No page of the console is there.
  routes.use('/assets', (_request, _response, next) => next('router'));
  routes.use(express.static(built, { index: false }));
  routes.get('/{*path}', page(join(built, 'index.html')));
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

/** The console has a URL for each view; all of them are this one page. */
function page(file: string): RequestHandler {
  return (request, response, next) => {
    if (!isPage(request)) return next();
    response.setHeader('cache-control', 'no-cache').type('html');
    if (!existsSync(file)) return void response.status(503).send(NOT_BUILT);
    const nonce = randomBytes(16).toString('base64');
    admitStyles(response, nonce);
    response.send(readFileSync(file, 'utf8').replaceAll('%NONCE%', nonce));
  };
}

/** It looks again by itself: the policy admits no script that would look for the console. */
const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  '<meta http-equiv="refresh" content="2"><title>tigerql has no console yet</title>' +
  '<p role="status">The first start builds the console in about half a minute, and this page then shows it. If it does not come, run ' +
  '<code>npm run build</code>, which says why. The API at <code>/graphql</code> answers already.';

/** A browser that opens an address asks for HTML by name; a program with a wrong address gets 404. */
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
