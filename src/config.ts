/** The configuration. No other file of the server reads process.env; docs/configuration.md has the same table. */
import { isIP } from 'node:net';

import { z } from 'zod';

import { DEVICE_KINDS, type DeviceKind } from '../models/compute/device';
import { type Kind, KIND_RULES, type KindRules, KINDS, MAX_KIND_WEIGHT } from '../models/data/kinds';
import { DAY_MS } from '../models/math/day';
import { packageFile } from './paths';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  readonly database: DatabaseSettings;
  /** The folder of checkpoints and training state. */
  readonly dataDir: string;
  /** Where checkpoints are kept: `file`, `postgres` or `s3://bucket/prefix`. */
  readonly checkpoints: string;
  /** Where S3 is, if it is not AWS's. */
  readonly s3Endpoint: string | undefined;
  /** The bytes that copies of remote checkpoints may take in `dataDir`. */
  readonly maxCacheBytes: number;
  readonly backend: DeviceKind | 'auto';
  /** The model versions that stay beside the active one and those in use; undefined: all. */
  readonly keptVersions: number | undefined;
  /** A purchase counts for a list that is this old at most. */
  readonly attributionMs: number;
  /** Rules of each kind of interaction, in lists and in the trainings that are requested here. */
  readonly kinds: KindRules;
  /** The threads that make lists; undefined: one per core, as far as the memory goes. */
  readonly decodeWorkers: number | undefined;
  /** Work of this process: it answers requests, runs training jobs, or both. A command trains too, and shows what comes of its job. */
  readonly role: Role | 'command';
  /** The secret of the configured admin key; undefined: a key is made and shown once. */
  readonly adminKey: string | undefined;
  /** The API key that `tigerql mcp` sends. */
  readonly key: string | undefined;
  /** Whether the demo shop is loaded into an empty database. */
  readonly demo: boolean;
  /** Whether the schema is a part of a federated graph. */
  readonly federation: boolean;
  readonly logLevel: LogLevel;
  /** Undefined: `catalogue`, or `open` while all data is that of the demo shop. */
  readonly readAccess: ReadAccess | undefined;
  readonly tokens: TokenSettings;
  /** The origins of other sites whose pages may call the API; `*`: all. */
  readonly allowedOrigins: readonly string[];
  /** Where the pictures of items may lie that the console shows; `*`: anywhere. */
  readonly imageOrigins: readonly string[];
  /** The origins under which browsers reach this server, besides addresses and names of the local network. */
  readonly publicUrls: readonly string[];
  /** The proxies whose word on a caller's address is believed. */
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
}

export type Role = (typeof ROLES)[number];

/** Reading without a key: everything; everything but users and their histories; nothing. */
export type ReadAccess = (typeof READ_ACCESS)[number];

/** How storefront tokens are checked; without `secret` and `jwksUrl` there are none. */
export interface TokenSettings {
  /** The shared secret of HS256. */
  readonly secret: string | undefined;
  /** Where the public keys of the issuer are. */
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

/** Settings of PostgreSQL; SQLite has none of them. */
export interface DatabaseSettings {
  /** Connections of this process, besides one that listens for changes. */
  readonly poolSize: number;
  /** How long to wait for a connection: a new one, or one that another query has. */
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** How long a statement waits for a lock that another session holds. */
  readonly lockTimeoutMs: number;
}

/** Ten servers and a trainer, each with three connections more, fit into the 100 that PostgreSQL allows. */
export const DATABASE_DEFAULTS: DatabaseSettings = {
  poolSize: 5,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 60_000,
  lockTimeoutMs: 5_000,
};

/** Limits on what callers may ask for, each alone and all together. */
export interface Limits {
  /** The longest chain of fields within fields. */
  readonly maxDepth: number;
  /** The rows that one operation may bring, estimated before it runs; a beam search counts as 50. */
  readonly maxCost: number;
  /** The fields of one operation, with its fragments written out. */
  readonly maxFields: number;
  readonly maxAliases: number;
  /** The words and signs of one document. */
  readonly maxTokens: number;
  /** For callers who may write. */
  readonly maxBodyBytes: number;
  /** For callers who may only read. */
  readonly maxReaderBodyBytes: number;
  /** The entries of each list in the variables. */
  readonly maxListLength: number;
  readonly maxAnswerBytes: number;
  /** The time in which a query must be answered. */
  readonly deadlineMs: number;
  /** The operations of all callers that are being read or run; one caller may have half of them. */
  readonly maxOperations: number;
  /** The operations that one caller may begin in a second; a caller is a key or, without one, an address. */
  readonly maxCallerRate: number;
  readonly maxConnections: number;
  readonly maxSockets: number;
  readonly maxSocketsPerAddress: number;
  /** Open subscriptions of all sockets. */
  readonly maxSubscriptions: number;
  /** The operations that one WebSocket may have open. */
  readonly maxSocketOperations: number;
  /** The time that a WebSocket has to send its `connection_init`. */
  readonly socketInitTimeoutMs: number;
  /** The time that a client has to send a whole request. */
  readonly requestTimeoutMs: number;
  /** The time that running requests have to finish after a signal to stop. */
  readonly shutdownGraceMs: number;
}

/** Limits that no shop needs otherwise. */
export const FIXED_LIMITS = {
  maxFields: 1000,
  maxAliases: 50,
  maxTokens: 1000,
  maxReaderBodyBytes: 65_536,
  maxListLength: 5000,
  maxAnswerBytes: 16_000_000,
  maxSockets: 2000,
  maxSocketOperations: 20,
  socketInitTimeoutMs: 3000,
  maxSubscriptions: 5000,
  maxConnections: 10_000,
} satisfies Partial<Limits>;

const ROLES = ['both', 'serve', 'train'] as const;
const READ_ACCESS = ['open', 'catalogue', 'key'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws {ConfigError} When a setting needs packages that are not installed; the message has the command that installs them. */
export function checkInstalled(setting: string, packages: readonly string[]): void {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const { peerDependencies } = packageFile();
  const command = `npm install ${missing.map((name) => `"${name}@${peerDependencies[name]}"`).join(' ')}`;
  throw new ConfigError(`${setting}: expected ${packages[0]} to be installed, got none; run: ${command}`);
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The form of a JWT. No API key has it. */
export const TOKEN_FORM = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

const VARIABLES = {
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: text('a host name or address').default('0.0.0.0'),
  DATABASE_URL: text('file:… or postgresql://…', /^(file:.|postgres(ql)?:\/\/.)/)
    .refine((url) => !/^postgres.*[?&]schema=(?!public(&|$))/.test(url), 'no schema but public, where the tables are')
    .default('file:./data/tigerql.db'),
  DATABASE_POOL_SIZE: wholeNumber(2, 1_000).default(DATABASE_DEFAULTS.poolSize),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber(1, 600_000).default(DATABASE_DEFAULTS.connectTimeoutMs),
  DATA_DIR: text('a folder').default('./data'),
  TIGERQL_CHECKPOINTS: text(
    'file, postgres or s3://bucket/prefix',
    /^(file|postgres|s3:\/\/[^\s/]+(\/\S*)?)$/,
  ).optional(),
  TIGERQL_S3_ENDPOINT: webAddress('https://s3.example.com').optional(),
  TIGERQL_MAX_CACHE_BYTES: wholeNumber(1_000_000, 1_000_000_000_000).default(5_000_000_000),
  TIGER_BACKEND: oneOf(['auto', ...DEVICE_KINDS]).default('auto'),
  TIGERQL_KEPT_VERSIONS: wholeNumber(1, 1_000_000).optional(),
  TIGERQL_ATTRIBUTION_DAYS: wholeNumber(1, 30).default(7),
  TIGERQL_KINDS: kindRules().default(KIND_RULES),
  TIGERQL_DECODE_WORKERS: wholeNumber(1, 256).optional(),
  TIGERQL_ROLE: oneOf(ROLES).default('both'),
  TIGERQL_ADMIN_KEY: text('at least 16 letters, digits and signs of ASCII without blanks', /^[!-~]{16,}$/)
    .refine((key) => !TOKEN_FORM.test(key), 'a key that has not the form of a JWT')
    .optional(),
  TIGERQL_KEY: text('an API key').optional(),
  TIGERQL_DEMO: flag().default(true),
  TIGERQL_FEDERATION: flag().default(false),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  TIGERQL_READ_ACCESS: oneOf(READ_ACCESS).optional(),
  TIGERQL_JWT_SECRET: secret(32).optional(),
  TIGERQL_JWKS_URL: webAddress('https://id.example.com/jwks.json').optional(),
  TIGERQL_JWT_ISSUER: text('the issuer of the tokens').optional(),
  TIGERQL_JWT_AUDIENCE: text('the audience of the tokens').optional(),
  ALLOWED_ORIGINS: origins('* or ').default([]),
  TIGERQL_IMAGE_ORIGINS: origins('* or ').default([]),
  PUBLIC_URL: origins().default([]),
  TIGERQL_TRUSTED_PROXIES: addresses().default([]),
  TIGERQL_MAX_DEPTH: wholeNumber(1, 100).default(16),
  TIGERQL_MAX_COST: wholeNumber(1, 10_000_000).default(50_000),
  TIGERQL_MAX_BODY_BYTES: wholeNumber(1000, 1_000_000_000).default(8_000_000),
  TIGERQL_DEADLINE_MS: wholeNumber(1, 600_000).default(10_000),
  TIGERQL_MAX_OPERATIONS: wholeNumber(1, 100_000).default(1000),
  TIGERQL_MAX_CALLER_RATE: wholeNumber(1, 1_000_000).default(1000),
  TIGERQL_MAX_SOCKETS_PER_ADDRESS: wholeNumber(1, 1_000_000).default(200),
  TIGERQL_REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000).default(30_000),
  TIGERQL_SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000).default(10_000),
};

export const VARIABLE_NAMES = Object.keys(VARIABLES);

/**
 * Reads and checks the environment.
 *
 * @throws {ConfigError} The message names every wrong variable, what is expected and its value; secrets are not shown.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // Compose files and shells write "not set" as an empty variable.
  const given = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, environment[name] || undefined]));
  const parsed = z.object(VARIABLES).safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => complaint(issue, given)).join('\n'));
  return toConfig(parsed.data);
}

function toConfig(env: z.infer<z.ZodObject<typeof VARIABLES>>): Config {
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    database: {
      ...DATABASE_DEFAULTS,
      poolSize: env.DATABASE_POOL_SIZE,
      connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
    },
    dataDir: env.DATA_DIR,
    checkpoints: env.TIGERQL_CHECKPOINTS ?? (env.DATABASE_URL.startsWith('file:') ? 'file' : 'postgres'),
    s3Endpoint: env.TIGERQL_S3_ENDPOINT,
    maxCacheBytes: env.TIGERQL_MAX_CACHE_BYTES,
    backend: env.TIGER_BACKEND,
    keptVersions: env.TIGERQL_KEPT_VERSIONS,
    kinds: env.TIGERQL_KINDS,
    decodeWorkers: env.TIGERQL_DECODE_WORKERS,
    attributionMs: env.TIGERQL_ATTRIBUTION_DAYS * DAY_MS,
    role: env.TIGERQL_ROLE,
    adminKey: env.TIGERQL_ADMIN_KEY,
    key: env.TIGERQL_KEY,
    demo: env.TIGERQL_DEMO,
    federation: env.TIGERQL_FEDERATION,
    logLevel: env.LOG_LEVEL,
    // Whoever gives users tokens of their own means that nobody else reads their histories, whatever the data is.
    readAccess: env.TIGERQL_READ_ACCESS ?? ((env.TIGERQL_JWT_SECRET ?? env.TIGERQL_JWKS_URL) ? 'catalogue' : undefined),
    tokens: {
      secret: env.TIGERQL_JWT_SECRET,
      jwksUrl: env.TIGERQL_JWKS_URL,
      issuer: env.TIGERQL_JWT_ISSUER,
      audience: env.TIGERQL_JWT_AUDIENCE,
    },
    allowedOrigins: env.ALLOWED_ORIGINS,
    imageOrigins: env.TIGERQL_IMAGE_ORIGINS,
    publicUrls: env.PUBLIC_URL,
    trustedProxies: env.TIGERQL_TRUSTED_PROXIES,
    limits: {
      ...FIXED_LIMITS,
      maxDepth: env.TIGERQL_MAX_DEPTH,
      maxCost: env.TIGERQL_MAX_COST,
      maxBodyBytes: env.TIGERQL_MAX_BODY_BYTES,
      deadlineMs: env.TIGERQL_DEADLINE_MS,
      maxOperations: env.TIGERQL_MAX_OPERATIONS,
      maxCallerRate: env.TIGERQL_MAX_CALLER_RATE,
      maxSocketsPerAddress: env.TIGERQL_MAX_SOCKETS_PER_ADDRESS,
      requestTimeoutMs: env.TIGERQL_REQUEST_TIMEOUT_MS,
      shutdownGraceMs: env.TIGERQL_SHUTDOWN_GRACE_MS,
    },
  };
}

function complaint(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  const value = given[name] ?? '';
  const shown = /_(KEY|SECRET)$/.test(name) ? `${value.length} characters` : JSON.stringify(withoutPassword(value));
  return `${name}: expected ${issue.message}, got ${shown}`;
}

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

const KIND_RULE = new RegExp(`^(${KINDS.join('|')})=(\\d+|\\d*\\.\\d{1,2})(:hide|:keep)?$`);

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
