import { registerEnumType } from 'type-graphql';

/**
 * Registers an enumeration.
 *
 * @param values - The description of each value of the union `T`, so that the compiler finds a value that is missing.
 * @param deprecated - Why a value is no longer to be used.
 */
export function enumOf<T extends string>(
  name: string,
  description: string,
  values: Readonly<Record<T, string>>,
  deprecated?: Readonly<Partial<Record<T, string>>>,
) {
  const members = Object.fromEntries(Object.keys(values).map((key) => [key, key])) as { readonly [K in T]: K };
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(values).map(([key, text]) => [
      key,
      { description: text, deprecationReason: deprecated?.[key as T] },
    ]),
  ) as Record<T, { description: string; deprecationReason?: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}
