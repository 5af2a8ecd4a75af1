/** Writes src/documents.ts: the operations of src/shop.graphql as strings, with the types of their variables and answers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';

const HERE = import.meta.dirname;
const location = join(HERE, 'src', 'shop.graphql');
const rawSDL = readFileSync(location, 'utf8');
const document = parse(rawSDL);
const schema = nullOnlyWithErrors(parse(readFileSync(join(HERE, '..', '..', 'graphql', 'schema.graphql'), 'utf8')));
const outputs = await preset.buildGeneratesSection({
  baseOutputDir: `${HERE}/`,
  schema,
  schemaAst: buildASTSchema(schema),
  documents: [{ location, rawSDL, document }],
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: 'string',
    enumsAsTypes: true,
    useTypeImports: true,
    onlyOperationTypes: true,
    scalars: { DateTime: 'string', JSON: 'unknown' },
  },
  plugins: [],
  pluginMap: {},
  documentTransforms: [],
});
const output = outputs.find(({ filename }) => basename(filename) === 'graphql.ts');
// The types alone: the preset's strings are a class that needs one more package, and have all blanks of the file.
const text = await codegen(output);
const types = text.slice(
  text.indexOf('export type AttributeCondition'),
  text.indexOf('export class TypedDocumentString'),
);
const head = `/* eslint-disable */
// Made by generate-documents.mjs.
/** The text of an operation, which carries the types of its answer and variables. */
export type TypedDocument<Result, Variables> = string & { readonly __types?: (variables: Variables) => Result };
type Exact<T> = T;
`;
writeFileSync(
  process.argv[2] ?? join(HERE, 'src', 'documents.ts'),
  [head, types, ...operations().map(constant)].join('\n'),
);

function operations() {
  return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
}

function constant(operation) {
  const name = operation.name.value;
  const type = `${name}${operation.operation === 'query' ? 'Query' : 'Mutation'}`;
  const text = stripIgnoredCharacters([operation, ...fragmentsOf(operation)].map(print).join(' '));
  return `export const ${name}Document = '${text}' as TypedDocument<${type}, ${type}Variables>;`;
}

/** @returns The fragments that a definition names, and those that these name. */
function fragmentsOf(definition, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = document.definitions.find(
        ({ kind, name: { value } }) => kind === Kind.FRAGMENT_DEFINITION && value === name.value,
      );
      if (!found.has(fragment)) fragmentsOf(fragment, found.add(fragment));
    },
  });
  return [...found];
}

/** These are null only where they failed. The client throws the error of such an answer, so its types leave that null out. */
function nullOnlyWithErrors(schema) {
  return visit(schema, {
    FieldDefinition(field) {
      const { type } = field;
      const canFail = type.kind === Kind.NAMED_TYPE && /(Connection|Payload|RecommendationList)$/.test(type.name.value);
      return canFail ? { ...field, type: { kind: Kind.NON_NULL_TYPE, type } } : undefined;
    },
  });
}
