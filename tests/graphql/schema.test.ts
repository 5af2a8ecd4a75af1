import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';

import { buildTigerSchema, printTigerSchema } from '../../graphql/schema';
import { PACKAGE_ROOT } from '../../src/paths';
import { OPERATIONS } from '../support/operations';

const schema = buildTigerSchema();

describe('printTigerSchema', () => {
  it('gives the text that graphql/schema.graphql has', () => {
    const committed = readFileSync(join(PACKAGE_ROOT, 'graphql', 'schema.graphql'), 'utf8');
    expect(printTigerSchema()).toBe(committed);
  });
});

describe('buildTigerSchema', () => {
  it('describes every type, field, argument and value', () => {
    const bare = Object.values(schema.getTypeMap())
      .filter((type) => !isIntrospectionType(type))
      .flatMap(undescribed);
    expect(bare).toEqual([]);
  });
});

describe('graphql/operations', () => {
  it.each(Object.entries(OPERATIONS))('%s is valid, and its name is its file name', (file, text) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    const names = document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [],
    );
    const pascal = file.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
    expect(names).toEqual([pascal]);
  });

  it('uses every mutation and subscription', () => {
    const all = Object.values(OPERATIONS).join('\n');
    const fields = [schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) =>
      Object.keys(type.getFields()),
    );
    expect(fields.filter((field) => !all.includes(`  ${field}`))).toEqual([]);
  });
});

function undescribed(type: GraphQLNamedType): string[] {
  const bare = (name: string, { description }: { description?: string | null }) => (description ? [] : [name]);
  // The root types need no words: there is one of each, and the specification says what they are.
  const own = ['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)
    ? []
    : bare(type.name, type);
  if (isEnumType(type))
    return [...own, ...type.getValues().flatMap((value) => bare(`${type.name}.${value.name}`, value))];
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return own;
  const fields = Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields());
  const bareFields = fields.flatMap((field) => [
    ...bare(`${type.name}.${field.name}`, field),
    // A mutation's one `input` is described by its type.
    ...('args' in field ? field.args : [])
      .filter(({ name }) => name !== 'input')
      .flatMap((arg) => bare(`${type.name}.${field.name}(${arg.name})`, arg)),
  ]);
  return [...own, ...bareFields];
}
