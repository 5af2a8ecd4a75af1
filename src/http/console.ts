/** The built console at `/`, the shared documents and the schema as text. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { type GraphQLSchema, printSchema } from 'graphql';

import { PACKAGE_ROOT } from '../paths';
import type { OnlyFor } from './access';

const OPERATIONS = join(PACKAGE_ROOT, 'graphql', 'operations');
/** The compressed forms that the build leaves beside a text, best first. */
const ENCODINGS = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/** Assets have a hash in their names and browsers keep them; the page names them, and browsers ask for it each time. */
export function consoleRoutes(schema: GraphQLSchema, allow: OnlyFor, built = new BuiltConsole()): Router {
  const operations = Buffer.from(JSON.stringify(readOperations()));
  const schemaText = Buffer.from(printSchema(schema));
  const routes = Router();
  routes.get('/operations', allow('ANONYMOUS'), (_request, response) => {
    response.type('json').send(operations);
  });
  routes.get('/schema.graphql', allow('ANONYMOUS'), (_request, response) => {
    response.type('text/plain').send(schemaText);
  });
  routes.use('/assets', precompressed(built), express.static(built.assets, { immutable: true, maxAge: '1y' }));
  // No page of the console is there.
  routes.use('/assets', (_request, _response, next) => next('router'));
  routes.use(express.static(built.folder, { index: false }));
  routes.get('/{*path}', page(built));
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
function precompressed(built: BuiltConsole): RequestHandler {
  return (request, response, next) => {
    const name = request.path.slice(1);
    const found = ENCODINGS.find(
      ({ encoding, suffix }) =>
        /^[\w.-]+$/.test(name) && request.acceptsEncodings(encoding) && built.has(name + suffix),
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
function page(built: BuiltConsole): RequestHandler {
  return (request, response, next) => {
    if (!isPage(request)) return next();
    response.setHeader('cache-control', 'no-cache').type('html');
    const html = built.html();
    if (html === null) return void response.status(503).send(built.isBeingBuilt() ? BEING_BUILT : NOT_BUILT);
    const nonce = randomBytes(16).toString('base64');
    admitStyles(response, nonce);
    response.send(html.replaceAll('%NONCE%', nonce));
  };
}

const HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">';
/** The policy admits no script that would look for the console. */
const BEING_BUILT =
  `${HEAD}<meta http-equiv="refresh" content="2"><title>tigerql is building its console</title>` +
  '<p role="status">The console is being built, which takes about half a minute. This page shows it as soon as it is there. ' +
  'The API at <code>/graphql</code> answers already.';
const NOT_BUILT =
  `${HEAD}<title>tigerql has no console</title><p>The console is not built. Run <code>npm run build</code>: it builds it, or says ` +
  'why it cannot. Then load this page again; the server need not be started anew. The API at <code>/graphql</code> answers.';

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

/** The console as it was built. A build may end while the server runs: then its page is there for the next request. */
export class BuiltConsole {
  /** The page's HTML; null when there is none yet. */
  readonly html: () => string | null;

  constructor(private readonly dist = join(PACKAGE_ROOT, 'dist')) {
    this.html = readOnce(join(this.folder, 'index.html'));
  }

  get folder(): string {
    return join(this.dist, 'web');
  }

  get assets(): string {
    return join(this.folder, 'assets');
  }

  /** A build touches its lock again and again. The lock says for how many milliseconds it holds: see `alone` in src/setup/steps.mjs. */
  isBeingBuilt(): boolean {
    const lock = join(this.dist, '.console.lock');
    const [holdsMs, touched] = [readIfThere(lock), mtimeOf(lock)];
    return holdsMs !== null && touched !== null && Math.abs(Date.now() - touched) < Number(holdsMs);
  }

  /** @param name - Of an asset, without folders. */
  has(name: string): boolean {
    return mtimeOf(join(this.assets, name)) !== null;
  }
}

/** @returns A reader of the file as it is now, which reads it again only when it is another; null while there is none. */
function readOnce(path: string): () => string | null {
  let read: { readonly content: string; readonly mtimeMs: number } | null = null;
  return () => {
    const mtimeMs = mtimeOf(path);
    if (mtimeMs === null) return null;
    if (read?.mtimeMs === mtimeMs) return read.content;
    const content = readIfThere(path);
    read = content === null ? null : { content, mtimeMs };
    return read?.content ?? null;
  };
}

/** A build may take a file away at any moment. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function mtimeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
