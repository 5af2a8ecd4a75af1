/** Operations made from a schema by a seed, with values that servers stumble over. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

export interface HostileOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly kind: 'query' | 'mutation' | 'subscription';
}

/** @returns Numbers from 0 to below 1; mulberry32, so that a seed gives the same run on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64url');

// prettier-ignore
const TEXTS = [
  '', ' ', 'a\0b', '\0', '\ud800', 'x\udfff', '%', '_', '\\', "'; DROP TABLE Item; --", '"', '{{7*7}}', '\u202e', '😀',
  'a'.repeat(200), 'b'.repeat(201), 'c'.repeat(20_000), '__proto__', 'constructor', 'null', '$where', '\r\n', 'é\u0301',
  'item-1', 'item-2', 'user-1', 'loss', 'tiny ',
];
// prettier-ignore
const IDS = [
  'Item:1', 'Item:2', 'Item:0', 'Item:-1', 'Item:2147483647', 'Item:2147483648', 'Item:1e9', 'User:1', 'ModelVersion:1',
  'TrainingJob:1', 'ApiKey:2', 'ApiKey:99', 'Nothing:1', 'Item', '',
].map(base64);
// prettier-ignore
const CURSORS = [
  '1', '0', '-1', '1e308', '1.5', '9007199254740993', '2147483648', 'null', '{}', '[]', '""', '"\\u0000"', '"\\ud800"', '"a"',
  '[1,1]', '[8640000000000001,1]', '[-8640000000000000,1]', '[1,99999999999]', '[1,"a"]', '[9007199254740991,"a"]', '[1,null]',
  '["1","1"]', '[4,"\\u0000"]', '[1,"\\ud800"]', '{"__proto__":1}', '[[[[[]]]]]', 'rank:1', '\0',
].map(base64);
// prettier-ignore
const NUMBERS = [
  0, 1, 2, 3, 10, 100, 101, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1.5, -0.5, 1e15, 1e38, 1e39, 1e308, -1e308, 5e-324,
];
// prettier-ignore
const TIMES = [
  '2024-02-29T00:00:00Z', '2023-02-29T00:00:00Z', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z',
  '300000-01-01T00:00:00Z', '+300000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '2024-01-01T24:00:00Z', 'yesterday', '',
  '2024-01-01T00:00:60Z', '2024-01-01T00:00:00+99:99', '1969-12-31T23:59:59-14:00', '2024-01-01T00:00:00.123456789123456Z',
];
const USUAL: Readonly<Record<string, readonly unknown[] | undefined>> = {
  Int: [1, 2, 3, 10],
  Float: [0, 0.5, 1],
  ID: ['Item:1', 'Item:2', 'Item:5', 'User:1'].map(base64),
  String: ['item-1', 'item-2', 'item-3', 'user-1', 'loss'],
  DateTime: ['2024-02-29T00:00:00Z'],
};
const WRONG = [null, 0, '', 'text', true, [], {}, [[]], { a: 1 }, [null]];
const MOST_LEVELS = 4;

export class HostileOperations {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: () => number,
  ) {}

  next(): HostileOperation {
    const kind = this.weighted([
      ['query', 6],
      ['mutation', 3],
      ['subscription', 1],
    ] as const);
    const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[kind];
    const type = this.schema.getType(root);
    if (!isObjectType(type)) throw new Error(`schema: expected a type ${root}, got none`);
    const variables = new Map<string, { type: string; value: unknown }>();
    const fields = Object.values(type.getFields());
    const count = kind === 'subscription' ? 1 : 1 + this.below(3);
    const selections = Array.from({ length: count }, (_, i) => `f${i}: ${this.field(this.pick(fields), variables, 1)}`);
    const head = [...variables].map(([name, variable]) => `$${name}: ${variable.type}`).join(', ');
    const query = `${kind} Fuzz${head && `(${head})`} { ${selections.join(' ')} }`;
    const values = Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
    return { kind, query: this.chance(0.05) ? this.damage(query) : query, variables: values };
  }

  /** Any JSON, some of it deep. */
  json(levels = 0): unknown {
    if (this.chance(0.02)) return deep(this.pick([33, 500, 2_000]));
    if (levels > 3 || this.chance(0.5)) return this.pick([...TEXTS, ...NUMBERS, null, true]);
    if (this.chance(0.5)) return Array.from({ length: this.below(4) }, () => this.json(levels + 1));
    return Object.fromEntries(Array.from({ length: this.below(4) }, () => [this.pick(TEXTS), this.json(levels + 1)]));
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  private weighted<T>(pairs: readonly (readonly [T, number])[]): T {
    return this.pick(pairs.flatMap(([value, weight]) => new Array<T>(weight).fill(value)));
  }

  private field(
    field: GraphQLField<unknown, unknown>,
    variables: Map<string, { type: string; value: unknown }>,
    level: number,
  ): string {
    const given = field.args.filter((arg) => isRequiredArgument(arg) || this.chance(0.6));
    const args = given.map((arg) => `${arg.name}: ${this.argument(arg, variables)}`);
    return `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${this.selection(getNamedType(field.type), variables, level)}`;
  }

  private argument(arg: GraphQLArgument, variables: Map<string, { type: string; value: unknown }>): string {
    if (this.chance(0.2) && isLeafType(getNamedType(arg.type)) && !isEnumType(getNamedType(arg.type))) {
      return JSON.stringify(this.value(arg.type, arg.name));
    }
    const name = `v${variables.size}`;
    variables.set(name, { type: String(arg.type), value: this.value(arg.type, arg.name) });
    return `$${name}`;
  }

  private selection(
    type: GraphQLNamedType,
    variables: Map<string, { type: string; value: unknown }>,
    level: number,
  ): string {
    if (isLeafType(type)) return '';
    if (!isObjectType(type) && !isInterfaceType(type)) return ' { __typename }';
    const fields = Object.values(type.getFields()).filter(
      (field) => level < MOST_LEVELS || isLeafType(getNamedType(field.type)),
    );
    if (fields.length === 0) return ' { __typename }';
    const chosen = Array.from({ length: 1 + this.below(3) }, () => this.pick(fields));
    return ` { ${chosen.map((field, i) => `g${i}: ${this.field(field, variables, level + 1)}`).join(' ')} }`;
  }

  private value(type: GraphQLInputType, name: string): unknown {
    if (this.chance(0.01)) return this.pick(WRONG);
    if (isNonNullType(type)) return this.value(type.ofType, name);
    if (this.chance(0.1)) return null;
    if (isListType(type)) {
      const length = this.chance(0.01) ? 1_001 : this.below(4);
      return Array.from({ length }, () => this.value(type.ofType, name));
    }
    if (isInputObjectType(type)) return this.inputObject(Object.values(type.getFields()));
    if (isEnumType(type)) return this.chance(0.1) ? this.pick(TEXTS) : this.pick(type.getValues()).name;
    return this.scalar(getNamedType(type).name, name);
  }

  private inputObject(fields: readonly GraphQLInputField[]): Record<string, unknown> {
    const given = fields.filter((field) => isRequiredInputField(field) || this.chance(0.5));
    return Object.fromEntries(given.map((field) => [field.name, this.value(field.type, field.name)]));
  }

  private scalar(type: string, name: string): unknown {
    // An operation of wrong values alone would be refused before it does anything.
    const usual = USUAL[type];
    if (usual && name !== 'after' && this.chance(0.7)) return this.pick(usual);
    if (name === 'after') return this.pick([...CURSORS, ...TEXTS]);
    switch (type) {
      case 'Int':
      case 'Float':
        return this.pick(NUMBERS);
      case 'Boolean':
        return this.chance(0.5);
      case 'ID':
        return this.pick([...IDS, ...TEXTS]);
      case 'DateTime':
        return this.pick(TIMES);
      case 'JSON':
        return this.json();
      default:
        return this.pick(TEXTS);
    }
  }

  /** Removes a sign, repeats one, or puts a strange one in. */
  private damage(text: string): string {
    const at = this.below(text.length);
    return (
      text.slice(0, at) +
      this.pick(['', '{', '}', '"', '\\', '@', '...', '\0', '\ufeff', '#']) +
      text.slice(at + this.below(2))
    );
  }
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? { a: value } : [value];
  return value;
}
