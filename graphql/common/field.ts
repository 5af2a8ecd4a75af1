/** Decorators of fields. Clients read the description of a field, so each has one. */
import { Field as SchemaField, type FieldOptions } from 'type-graphql';

type FieldType = NonNullable<Parameters<typeof SchemaField>[0]>;
type Options = Omit<FieldOptions, 'description'>;

/** Declares a field that always has a value. */
export function Field(type: FieldType, description: string, options?: Options) {
  return SchemaField(type, { ...options, description });
}

/** Declares a field that may be null or, in an input, absent. */
export function Nullable(type: FieldType, description: string, options?: Options) {
  return SchemaField(type, { nullable: true, ...options, description });
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
