/**
 * Writes the types of the console's GraphQL documents into web/src/graphql: GraphQL Code Generator's client preset, run
 * without its command line, which would bring 160 packages.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
mkdirSync(TARGET, { recursive: true });
// A file that says the same stays as old as it is, and so does what was built from it.
if (!existsSync(output.filename) || readFileSync(output.filename, 'utf8') !== text)
  writeFileSync(output.filename, text);

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
