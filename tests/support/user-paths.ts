/** Every way through the schema to a user's data, as operations that can be run. */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
  type OperationTypeNode,
} from 'graphql';

/** Types that only the data of users have. */
const USER_TYPES: ReadonlySet<string> = new Set([
  'User',
  'UserConnection',
  'UserEdge',
  'InteractionConnection',
  'InteractionEdge',
  'Interaction',
  'SeenEvent',
]);

export interface UserPath {
  /** The fields that lead to it, such as `Query.user.history.nodes`. */
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly document: string;
}

/** The arguments of fields that need some, by `Type.field`, or by `Type.field(Object)` where the type is an interface. */
type Arguments = Readonly<Record<string, string>>;

/** One field of a path, with its arguments, and the object that it leads to. */
interface Step {
  readonly field: string;
  readonly name: string;
  readonly target: GraphQLObjectType | null;
}

/**
 * Walks the schema from each field of each root, and comes to each type by a shortest path.
 *
 * @returns A path to each field of each type of users, and through each field that leads to such a type.
 * @throws {Error} For a field with a required argument that `args` does not name, so that no new path is forgotten.
 */
export function userPaths(schema: GraphQLSchema, args: Arguments): UserPath[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    root
      ? Object.values(root.getFields())
          .flatMap((field) => pathsFrom(schema, args, stepsOf(schema, args, root, field)))
          .map((steps) => toPath(kind as OperationTypeNode, root.name, steps))
      : [],
  );
}

function pathsFrom(schema: GraphQLSchema, args: Arguments, begin: readonly Step[]): Step[][] {
  return begin.flatMap((first) => {
    const found: Step[][] = [];
    const visited = new Set<GraphQLObjectType>();
    const open: Step[][] = [[first]];
    for (let path = open.shift(); path; path = open.shift()) {
      const type = path[path.length - 1].target;
      if (type === null || visited.has(type)) continue;
      visited.add(type);
      for (const step of fieldsOf(schema, args, type)) {
        const next = [...path, step];
        if (USER_TYPES.has(type.name) || (step.target && USER_TYPES.has(step.target.name))) {
          found.push([...next, ...toLeaf(schema, args, step.target)]);
        }
        open.push(next);
      }
    }
    const isOfUsers = first.target !== null && USER_TYPES.has(first.target.name);
    return isOfUsers ? [[first, ...toLeaf(schema, args, first.target)], ...found] : found;
  });
}

/** @returns The fewest steps to a plain value; none when the path ends at one already. */
function toLeaf(schema: GraphQLSchema, args: Arguments, from: GraphQLObjectType | null): Step[] {
  const open: { readonly steps: Step[]; readonly type: GraphQLObjectType | null }[] = [{ steps: [], type: from }];
  for (let next = open.shift(); next; next = open.shift()) {
    if (next.type === null) return next.steps;
    for (const step of fieldsOf(schema, args, next.type)) {
      // Page numbers tell nothing about users.
      if (step.name !== 'pageInfo') open.push({ steps: [...next.steps, step], type: step.target });
    }
  }
  throw new Error(`${from?.name}: expected a plain value below it, got none`);
}

function fieldsOf(schema: GraphQLSchema, args: Arguments, type: GraphQLObjectType): Step[] {
  return Object.values(type.getFields()).flatMap((field) => stepsOf(schema, args, type, field));
}

function stepsOf(
  schema: GraphQLSchema,
  args: Arguments,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): Step[] {
  const target = getNamedType(field.type);
  if (isObjectType(target)) return [{ field: callOf(type, field, args), name: field.name, target }];
  if (!isAbstractType(target)) return [{ field: callOf(type, field, args), name: field.name, target: null }];
  return schema.getPossibleTypes(target).map((object) => ({
    field: `${callOf(type, field, args, object)} { ... on ${object.name}`,
    name: `${field.name}(${object.name})`,
    target: object,
  }));
}

function callOf(
  { name }: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  args: Arguments,
  object?: GraphQLObjectType,
): string {
  const given = args[`${name}.${field.name}(${object?.name})`] ?? args[`${name}.${field.name}`];
  if (given !== undefined) return `${field.name}${given}`;
  const required = field.args.filter(isRequiredArgument).map((argument) => argument.name);
  if (required.length === 0) return field.name;
  throw new Error(`${name}.${field.name}: expected the test's values of ${required.join(', ')}, got none`);
}

function toPath(kind: OperationTypeNode, root: string, steps: readonly Step[]): UserPath {
  const text = steps.map(({ field }) => field).join(' { ');
  const braces = text.split('{ ').length - 1 - (text.match(/ \}/g) ?? []).length;
  const name = [root, ...steps.map((step) => step.name)].join('.');
  return { name, kind, document: `${kind} { ${text}${' }'.repeat(braces + 1)}` };
}
