import { registerEnumType } from 'type-graphql';

/** Registers an enumeration. `values` describes each value of the union `T`, so the compiler finds a value that is missing. */
export function enumOf<T extends string>(name: string, description: string, values: Readonly<Record<T, string>>) {
  const members = Object.fromEntries(Object.keys(values).map((key) => [key, key])) as { readonly [K in T]: K };
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(values).map(([key, text]) => [key, { description: text }]),
  ) as Record<T, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}
