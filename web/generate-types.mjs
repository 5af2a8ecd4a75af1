/**
 * Writes the types of the console's GraphQL documents into web/src/graphql: GraphQL Code Generator's client preset, run
 * without its command line, which would bring 160 packages.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, Kind, parse, Source, visit } from 'graphql';

const ROOT = join(import.meta.dirname, '..');
const TARGET = join(ROOT, 'web', 'src', 'graphql');

const schema = nullOnlyWithErrors(parse(readFileSync(join(ROOT, 'graphql', 'schema.graphql'), 'utf8')));
const outputs = await preset.buildGeneratesSection({
  baseOutputDir: `${TARGET}/`,
  schema,
  schemaAst: buildASTSchema(schema),
  documents: documents(join(ROOT, 'web', 'src')),
  presetConfig: { fragmentMasking: false },
  config: { enumsAsTypes: true, useTypeImports: true, scalars: { DateTime: 'string', JSON: 'unknown' } },
  plugins: [],
  pluginMap: {},
  documentTransforms: [],
});
// The preset's other files serve documents that stand in the code as strings; here each is a `.graphql` file.
const output = outputs.find(({ filename }) => basename(filename) === 'graphql.ts');
const text = await codegen(output);
// Each document is a module of its own, so that a page loads those that it asks with and no others.
const DOCUMENT = /^export const (\w+) = (.*) as unknown as DocumentNode<(\w+), (\w+)>;$/gm;
const folder = join(TARGET, 'documents');
mkdirSync(folder, { recursive: true });
const names = new Set();
const types = text.replace(/^import .*\n/m, '').replace(DOCUMENT, (_, name, document, result, variables) => {
  if (name.endsWith('FragmentDoc')) return ''; // documents have a copy of their fragments
  names.add(`${name}.ts`);
  const ofTypes = [result, variables].join(', ');
  const head = `import type { TypedDocumentNode } from '@graphql-typed-document-node/core';\nimport type { ${ofTypes} } from '../graphql';\n`;
  write(
    join(folder, `${name}.ts`),
    `${head}export const ${name} = ${document} as unknown as TypedDocumentNode<${result}, ${variables}>;\n`,
  );
  return `export { ${name} } from './documents/${name}';`;
});
for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
write(output.filename, types);

/** A file that says the same stays as old as it is, and so does what was built from it. */
function write(filename, content) {
  if (!existsSync(filename) || readFileSync(filename, 'utf8') !== content) writeFileSync(filename, content);
}

/** @returns All `.graphql` files of a folder; errors name the file. */
function documents(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.graphql'))
    .sort()
    .map((path) => {
      const location = join(folder, path);
      const rawSDL = readFileSync(location, 'utf8');
      return { location, rawSDL, document: parse(new Source(rawSDL, relative(ROOT, location))) };
    });
}

/**
 * Pages, payloads and the catalogue are null only where they failed, so that others of the same answer arrive. The console shows the error
 * of such an answer instead of its data, so its types leave that null out.
 */
function nullOnlyWithErrors(schema) {
  return visit(schema, {
    FieldDefinition(field) {
      const { type } = field;
      const canFail = type.kind === Kind.NAMED_TYPE && /(Connection|Payload|^Catalogue)$/.test(type.name.value);
      const isCount = field.name.value === 'itemCount' && type.kind === Kind.NAMED_TYPE;
      return canFail || isCount ? { ...field, type: { kind: Kind.NON_NULL_TYPE, type } } : undefined;
    },
  });
}
