/** Decorators of fields. Clients read the description of a field, so each has one. */
import {
  Field as PropertyField,
  FieldResolver,
  type FieldOptions,
  Mutation as SchemaMutation,
  Query as SchemaQuery,
} from 'type-graphql';

type FieldType = NonNullable<Parameters<typeof PropertyField>[0]>;
type Options = Omit<FieldOptions, 'description'>;
type FieldDecorator = PropertyDecorator & MethodDecorator;

/** Declares a field that always has a value: a property of a type, or a method that resolves it. */
export function Field(type: FieldType, description: string, options?: Options): FieldDecorator {
  return (target: object, property: string | symbol, method?: unknown) => {
    const declare = method === undefined ? PropertyField : FieldResolver;
    (declare(type, { ...options, description }) as PropertyDecorator)(target, property);
  };
}

/** Declares a field that may be null or, in an input, absent. */
export function Nullable(type: FieldType, description: string, options?: Options): FieldDecorator {
  return Field(type, description, { nullable: true, ...options });
}

/** Declares a query, which is null beside an error of its own: then the others of the operation have their answers. */
export function Query(type: FieldType, description: string, options?: Options): MethodDecorator {
  return SchemaQuery(type, { nullable: true, ...options, description });
}

/** Declares a mutation, which is null as a query is. */
export function Mutation(type: FieldType, description: string): MethodDecorator {
  return SchemaMutation(type, { nullable: true, description });
}

/** Class → the defaults of its fields. */
const defaults = new Map<object, Map<PropertyKey, unknown>>();

/** Declares a field of an input that has a value in any case. */
export function Default(type: FieldType, defaultValue: unknown, description: string): PropertyDecorator {
  return (target, property) => {
    defaults.set(target, (defaults.get(target) ?? new Map()).set(property, defaultValue));
    Nullable(type, description, { defaultValue })(target, property);
  };
}

/** Puts the default in place of an explicit null, where GraphQL leaves the null. */
export function fillDefaults(input: object): void {
  for (let at: object | null = input; at !== null; at = Object.getPrototypeOf(at) as object | null)
    for (const [property, value] of defaults.get(at) ?? [])
      Object.assign(input, { [property]: Reflect.get(input, property) ?? value });
}
