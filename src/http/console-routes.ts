/** The page at `/`: a small console for queries, all of it served from here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import express, { Router } from 'express';
import { type GraphQLSchema, printSchema } from 'graphql';

import { PACKAGE_ROOT } from '../paths';

const PAGE = join(PACKAGE_ROOT, 'src', 'http', 'console');
const OPERATIONS = join(PACKAGE_ROOT, 'graphql', 'operations');

export function consoleRoutes(schema: GraphQLSchema): Router {
  const operations = readOperations();
  const schemaText = printSchema(schema);
  const routes = Router();
  routes.get('/operations', (_request, response) => {
    response.json(operations);
  });
  routes.get('/schema.graphql', (_request, response) => {
    response.type('text/plain').send(schemaText);
  });
  routes.use(express.static(PAGE, { index: 'index.html' }));
  return routes;
}

/** @returns The named documents, as the page offers them. */
function readOperations(): { name: string; document: string }[] {
  return readdirSync(OPERATIONS)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.replace('.graphql', ''))
    .sort()
    .map((name) => ({ name, document: readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8') }));
}
