/** Every way through the schema to a user's data, as operations that can be run. */
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** A path ends when it has been so many types below the last type of users: what follows is the catalogue again. */
const MAX_BELOW = 2;
/** Types that only the data of users have. */
const USER_TYPES: ReadonlySet<string> = new Set(['User', 'UserConnection', 'UserEdge', 'InteractionConnection', 'InteractionEdge', 'Interaction']);

export interface UserPath {
  /** Such as `Query.user.history.nodes`. */
  readonly name: string;
  readonly document: string;
}

/**
 * Walks the schema from its roots, each type once a path, down to the types of users and to what lies below them.
 *
 * @param args - The arguments of fields that need some, by `Type.field`, as GraphQL text in parentheses.
 * @throws {Error} For a field with a required argument that `args` does not name, so that no new path is forgotten.
 */
export function userPaths(schema: GraphQLSchema, args: Readonly<Record<string, string>>): UserPath[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    root
      ? pathsBelow(schema, args, root, [], []).map(({ fields, names }) => ({
          name: [root.name, ...names].join('.'),
          document: `${kind} ${fields.reduceRight((inner, field) => `{ ${field} ${inner} }`, '')}`,
        }))
      : [],
  );
}

interface Steps {
  readonly fields: readonly string[];
  readonly names: readonly string[];
}

function pathsBelow(
  schema: GraphQLSchema,
  args: Readonly<Record<string, string>>,
  type: GraphQLObjectType,
  visited: readonly string[],
  steps: readonly { readonly field: string; readonly name: string }[],
): Steps[] {
  const below = [...visited, type.name];
  const lastOfUser = below.findLastIndex((name) => USER_TYPES.has(name));
  const isOfUser = lastOfUser >= 0;
  if (isOfUser && below.length - 1 - lastOfUser > MAX_BELOW) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    const next = [...steps, { field: callOf(type, field, args), name: field.name }];
    if (isLeafType(target)) return isOfUser ? [toSteps(next)] : [];
    const objects = isAbstractType(target) ? schema.getPossibleTypes(target) : [target];
    return objects.filter(isObjectType).flatMap((object) => {
      if (below.includes(object.name)) return [];
      const typed = isAbstractType(target)
        ? [...next, { field: `... on ${object.name}`, name: `(${object.name})` }]
        : next;
      return pathsBelow(schema, args, object, below, typed);
    });
  });
}

function toSteps(steps: readonly { readonly field: string; readonly name: string }[]): Steps {
  return { fields: steps.map(({ field }) => field), names: steps.map(({ name }) => name) };
}

function callOf(
  { name }: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, string>>,
): string {
  const given = args[`${name}.${field.name}`];
  if (given !== undefined) return `${field.name}${given}`;
  const required = field.args.filter(isRequiredArgument).map((argument) => argument.name);
  if (required.length === 0) return field.name;
  throw new Error(`${name}.${field.name}: expected the test's values of ${required.join(', ')}, got none`);
}
