/** The printed schema, one entry a type. */
export interface SchemaType {
  readonly kind: string;
  readonly name: string;
  readonly description: string;
  /** The definition without its description. */
  readonly text: string;
}

const DEFINITION =
  /^(?:"""\n?([\s\S]*?)\n?"""\n)?(type|input|enum|interface|scalar|union|directive) @?(\w+)[\s\S]*?(?=\n\n(?:"""|type|input|enum|interface|scalar|union|directive)|\s*$(?![\s\S]))/gm;
const ROOTS = ['Query', 'Mutation', 'Subscription'];

/** @returns The three kinds of operations first, then the types by name. */
export function schemaTypes(schema: string): readonly SchemaType[] {
  const types = [...schema.matchAll(DEFINITION)].map(([whole, description = '', kind, name]) => ({
    kind,
    name,
    description: description.trim(),
    text: whole.slice(whole.indexOf(`${kind} `, description === '' ? 0 : description.length + 6)).trim(),
  }));
  const rank = ({ name }: SchemaType) => (ROOTS.includes(name) ? ROOTS.indexOf(name) : ROOTS.length);
  return types.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
