/** The configuration. No other file of the server reads process.env; docs/configuration.md has the same table. */
import { isIP } from 'node:net';

import { z } from 'zod';

import { DEVICE_KINDS } from '../models/compute/device';
import { type Kind, KIND_RULES, type KindRules, KINDS, MAX_KIND_WEIGHT } from '../models/data/kinds';
import { DAY_MS } from '../models/math/day';

const ROLES = ['both', 'serve', 'train'] as const;
const READ_ACCESS = ['open', 'catalogue', 'key'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The form of a JWT. No API key has it. */
export const TOKEN_FORM = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

const KIND_RULE = new RegExp(`^(${KINDS.join('|')})=(\\d+|\\d*\\.\\d{1,2})(:hide|:keep)?$`);

/** All settings in the order of the documentation. A plain number is one that no shop needs otherwise. */
const SETTINGS = {
  port: variable('PORT', wholeNumber(0, 65_535).default(4000)),
  host: variable('HOST', text('a host name or address').default('0.0.0.0')),
  databaseUrl: variable(
    'DATABASE_URL',
    text('file:… or postgresql://…', /^(file:.|postgres(ql)?:\/\/.)/)
      .refine((url) => !/^postgres.*[?&]schema=(?!public(&|$))/.test(url), 'no schema but public, where the tables are')
      .default('file:./data/tigerql.db'),
  ),
  /** Settings of PostgreSQL; SQLite has none of them. */
  database: {
    /**
     * Connections of this process. Ten servers and a trainer, each with two connections more, fit into the 100 that PostgreSQL allows.
     */
    poolSize: variable('DATABASE_POOL_SIZE', wholeNumber(2, 1_000).default(5)),
    /** How long to wait for a connection: a new one, or one that another query has. */
    connectTimeoutMs: variable('DATABASE_CONNECT_TIMEOUT_MS', wholeNumber(1, 600_000).default(5_000)),
    statementTimeoutMs: 60_000,
    /** How long a statement waits for a lock that another session holds. */
    lockTimeoutMs: 5_000,
  },
  /** The folder of checkpoints and training state. */
  dataDir: variable('DATA_DIR', text('a folder').default('./data')),
  /** Where checkpoints are kept. */
  checkpoints: variable(
    'TIGERQL_CHECKPOINTS',
    text('file, postgres or s3://bucket/prefix', /^(file|postgres|s3:\/\/[^\s/]+(\/\S*)?)$/).optional(),
  ),
  backend: variable('TIGER_BACKEND', oneOf(['auto', ...DEVICE_KINDS]).default('auto')),
  /** The model versions that stay beside the active one and those in use; undefined: all. */
  keptVersions: variable('TIGERQL_KEPT_VERSIONS', wholeNumber(1, 1_000_000).optional()),
  /** A purchase counts for a list that is this old at most. */
  attributionMs: variable(
    'TIGERQL_ATTRIBUTION_DAYS',
    wholeNumber(1, 30)
      .transform((days) => days * DAY_MS)
      .default(7 * DAY_MS),
  ),
  /** Rules of each kind of interaction, in lists and in the trainings that are requested here. */
  kinds: variable('TIGERQL_KINDS', kindRules().default(KIND_RULES)),
  /** The threads that make lists; undefined: one per core, as far as the memory goes. */
  decodeWorkers: variable('TIGERQL_DECODE_WORKERS', wholeNumber(1, 256).optional()),
  /** Work of this process: it answers requests, runs training jobs, or both. */
  role: variable('TIGERQL_ROLE', oneOf(ROLES).default('both')),
  /** The secret of the configured admin key; undefined: a key is made and shown once. */
  adminKey: variable(
    'TIGERQL_ADMIN_KEY',
    text('at least 16 letters, digits and signs of ASCII without blanks', /^[!-~]{16,}$/)
      .refine((key) => !TOKEN_FORM.test(key), 'a key that has not the form of a JWT')
      .optional(),
  ),
  /** The API key that `tigerql mcp` sends. */
  key: variable('TIGERQL_KEY', text('an API key').optional()),
  /** Whether the demo shop is loaded into an empty database. */
  demo: variable('TIGERQL_DEMO', flag().default(true)),
  /** Whether the schema is a part of a federated graph. */
  federation: variable('TIGERQL_FEDERATION', flag().default(false)),
  logLevel: variable('LOG_LEVEL', oneOf(LOG_LEVELS).default('info')),
  /** Undefined: `catalogue`, or `open` while all data is that of the demo shop. */
  readAccess: variable('TIGERQL_READ_ACCESS', oneOf(READ_ACCESS).optional()),
  /** How storefront tokens are checked; without `secret` and `jwksUrl` there are none. */
  tokens: {
    /** The shared secret of HS256. */
    secret: variable('TIGERQL_JWT_SECRET', secret(32).optional()),
    /** Where the public keys of the issuer are. */
    jwksUrl: variable('TIGERQL_JWKS_URL', webAddress('https://id.example.com/jwks.json').optional()),
    issuer: variable('TIGERQL_JWT_ISSUER', text('the issuer of the tokens').optional()),
    audience: variable('TIGERQL_JWT_AUDIENCE', text('the audience of the tokens').optional()),
  },
  /** The origins of other sites whose pages may call the API; `*`: all. */
  allowedOrigins: variable('ALLOWED_ORIGINS', origins('* or ').default([])),
  /** Where the pictures of items may lie that the console shows; `*`: anywhere. */
  imageOrigins: variable('TIGERQL_IMAGE_ORIGINS', origins('* or ').default([])),
  /** The origins under which browsers reach this server, besides addresses and names of the local network. */
  publicUrls: variable('PUBLIC_URL', origins().default([])),
  /** The proxies whose word on a caller's address is believed. */
  trustedProxies: variable('TIGERQL_TRUSTED_PROXIES', addresses().default([])),
  /** Limits on what callers may ask for, each alone and all together. */
  limits: {
    /** The longest chain of fields within fields. */
    maxDepth: variable('TIGERQL_MAX_DEPTH', wholeNumber(1, 100).default(16)),
    /** The rows that one operation may bring, estimated before it runs; a beam search counts as 50. */
    maxCost: variable('TIGERQL_MAX_COST', wholeNumber(1, 10_000_000).default(50_000)),
    /** The fields of one operation, with its fragments written out. */
    maxFields: 1000,
    maxAliases: 50,
    /** The words and signs of one document. */
    maxTokens: 1000,
    /** For callers who may write. */
    maxBodyBytes: variable('TIGERQL_MAX_BODY_BYTES', wholeNumber(1000, 1_000_000_000).default(8_000_000)),
    /** For callers who may only read. */
    maxReaderBodyBytes: 65_536,
    /** The entries of each list in the variables. */
    maxListLength: 5000,
    maxAnswerBytes: 16_000_000,
    /** The time in which a query must be answered. */
    deadlineMs: variable('TIGERQL_DEADLINE_MS', wholeNumber(1, 600_000).default(10_000)),
    /** The operations of all callers that are being read or run; one caller may have half of them. */
    maxOperations: variable('TIGERQL_MAX_OPERATIONS', wholeNumber(1, 100_000).default(1000)),
    /** The operations that one caller may begin in a second; a caller is a key or, without one, an address. */
    maxCallerRate: variable('TIGERQL_MAX_CALLER_RATE', wholeNumber(1, 1_000_000).default(1000)),
    maxConnections: 10_000,
    maxSockets: 2000,
    maxSocketsPerAddress: variable('TIGERQL_MAX_SOCKETS_PER_ADDRESS', wholeNumber(1, 1_000_000).default(200)),
    /** Open subscriptions of all sockets. */
    maxSubscriptions: 5000,
    /** The operations that one WebSocket may have open. */
    maxSocketOperations: 20,
    /** The time that a WebSocket has to send its `connection_init`. */
    socketInitTimeoutMs: 3000,
    /** The time that a client has to send a whole request. */
    requestTimeoutMs: variable('TIGERQL_REQUEST_TIMEOUT_MS', wholeNumber(1, 600_000).default(30_000)),
    /** The time that running requests have to finish after a signal to stop. */
    shutdownGraceMs: variable('TIGERQL_SHUTDOWN_GRACE_MS', wholeNumber(0, 600_000).default(10_000)),
  },
};

interface Variable<T extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly type: T;
}

function variable<T extends z.ZodType>(name: string, type: T): Variable<T> {
  return { name, type };
}

/** The values of a table of settings. */
type Values<T> = {
  readonly [K in keyof T]: T[K] extends Variable<infer V> ? z.infer<V> : T[K] extends number ? number : Values<T[K]>;
};

type Settings = Values<typeof SETTINGS>;

export interface Config extends Omit<Settings, 'role' | 'checkpoints'> {
  /** A command trains too, and shows what comes of its job. */
  readonly role: Settings['role'] | 'command';
  readonly checkpoints: string;
}

export type TokenSettings = Settings['tokens'];
export type DatabaseSettings = Settings['database'];
export type Limits = Settings['limits'];
export type LogLevel = Settings['logLevel'];
/** Reading without a key: everything; everything but users and their histories; nothing. */
export type ReadAccess = NonNullable<Settings['readAccess']>;

export const VARIABLE_NAMES: readonly string[] = variablesIn(SETTINGS).map(({ name }) => name);

function variablesIn(table: object): Variable[] {
  return Object.values(table).flatMap((setting: object | number) => {
    if (typeof setting === 'number') return [];
    return isVariable(setting) ? setting : variablesIn(setting);
  });
}

function isVariable(setting: object): setting is Variable {
  return 'type' in setting;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the environment.
 *
 * @throws {ConfigError} The message names every wrong variable, what is expected and its value; secrets are not shown.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const complaints: string[] = [];
  const valuesOf = (table: object): object =>
    Object.fromEntries(Object.entries(table).map(([name, setting]) => [name, valueOf(setting as object | number)]));
  const valueOf = (setting: object | number): unknown => {
    if (typeof setting === 'number') return setting;
    if (!isVariable(setting)) return valuesOf(setting);
    // Compose files and shells write "not set" as an empty variable.
    const given = environment[setting.name] || undefined;
    const { error, data } = setting.type.safeParse(given);
    if (error) complaints.push(complaint(setting.name, error.issues[0].message, given ?? ''));
    return data;
  };
  const settings = valuesOf(SETTINGS) as Settings;
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  const { databaseUrl, tokens } = settings;
  const hasTokens = (tokens.secret ?? tokens.jwksUrl) !== undefined;
  return {
    ...settings,
    checkpoints: settings.checkpoints ?? (databaseUrl.startsWith('file:') ? 'file' : 'postgres'),
    // Whoever gives users tokens of their own means that nobody else reads their histories, whatever the data is.
    readAccess: settings.readAccess ?? (hasTokens ? 'catalogue' : undefined),
  };
}

function complaint(name: string, expected: string, value: string): string {
  const shown = /_(KEY|SECRET)$/.test(name) ? `${value.length} characters` : JSON.stringify(withoutPassword(value));
  return `${name}: expected ${expected}, got ${shown}`;
}

export const DATABASE_DEFAULTS: DatabaseSettings = readConfig({}).database;

// ---- Kinds of values; each message completes "expected …" --------------------------------------------------------

function wholeNumber(low: number, high: number) {
  const expectation = `a whole number from ${low} to ${high}`;
  return z
    .string()
    .regex(/^\d+$/, { error: expectation, abort: true })
    .transform(Number)
    .refine((value) => value >= low && value <= high, expectation);
}

function text(expectation: string, pattern = /\S/) {
  return z.string().regex(pattern, expectation);
}

function webAddress(example: string) {
  const expectation = `an address such as ${example}`;
  return text(expectation, /^https?:\/\/\S+$/).refine((value) => URL.canParse(value), expectation);
}

function secret(bytes: number) {
  return z.string().refine((value) => Buffer.byteLength(value) >= bytes, `a secret of at least ${bytes} bytes`);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

function flag() {
  return oneOf(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
}

/** Rules of single kinds, such as `VIEW=0,CART=1:hide`; the others keep theirs. A kind that counts nothing hides nothing. */
function kindRules() {
  const expectation =
    `KIND=WEIGHT, KIND=WEIGHT:hide or KIND=WEIGHT:keep, separated by commas, of the kinds ${KINDS.join(', ')} ` +
    `and with weights from 0 to ${MAX_KIND_WEIGHT} of two decimals at most`;
  return z
    .string()
    .transform((value) => value.split(',').map((rule) => KIND_RULE.exec(rule.trim())))
    .refine((found) => found.every((rule) => rule !== null && Number(rule[2]) <= MAX_KIND_WEIGHT), {
      error: expectation,
      abort: true,
    })
    .transform((found): KindRules => {
      const given = found.map((rule) => {
        const [, kind, digits, hides] = rule!;
        const isHiding = hides === undefined ? KIND_RULES[kind as Kind].hidesItem : hides === ':hide';
        return [kind, { weight: Number(digits), hidesItem: Number(digits) > 0 && isHiding }];
      });
      return { ...KIND_RULES, ...(Object.fromEntries(given) as Partial<KindRules>) };
    });
}

/**
 * As browsers write them: in lower case, without the port of the protocol, and names of other alphabets in ASCII.
 *
 * @param star - `* or ` where `*` may stand for all origins.
 */
function origins(star: '' | '* or ' = '') {
  const isOrigin = (value: string) => /^https?:\/\/[^/\s]+\/?$/i.test(value) && URL.canParse(value);
  return z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim()))
    .refine((values) => values.every((value) => (star && value === '*') || isOrigin(value)), {
      error: `${star}origins such as https://shop.example.com, separated by commas`,
      abort: true,
    })
    .transform((values) => values.map((value) => (value === '*' ? value : new URL(value).origin)));
}

function addresses() {
  return z
    .string()
    .transform((value) => value.split(',').map((address) => address.trim()))
    .refine((values) => values.every(isSubnet), 'addresses or subnets such as 10.0.0.0/8, separated by commas');
}

function isSubnet(value: string): boolean {
  const [address, bits, ...rest] = value.split('/');
  const longest = isIP(address) === 6 ? 128 : 32;
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
  return isIP(address) !== 0 && isLength && rest.length === 0;
}

/** The start of an address up to the user. By mistake some addresses have no `name://`. */
const TO_USER = /^([^:/]*:\/\/[^:]*|(?![^:/]*:\/\/)[^:]*):.*@/s;

/** @returns The address without its password, which must not get into terminals and logs. It may have any sign, `@`, `:` and `/` too. */
export function withoutPassword(address: string): string {
  return address.replace(TO_USER, '$1:…@').replace(/([?&]password=)[^&]*/gi, '$1…');
}
