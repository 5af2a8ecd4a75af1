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
