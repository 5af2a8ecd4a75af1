/** Everything that the environment may set: the only reader of process.env. docs/configuration.md has the same table. */
import { z } from 'zod';

import { DEVICE_KINDS, type DeviceKind } from '../models/compute/device';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  /** Where checkpoints and training state lie. */
  readonly dataDir: string;
  readonly backend: DeviceKind | 'auto';
  /** The first admin key; undefined: one is made and shown once. */
  readonly adminKey: string | undefined;
  /** Whether the demo shop is loaded into an empty database. */
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  /** `key`: reading, too, needs a key. */
  readonly readAccess: 'open' | 'key';
  /** Origins of other sites whose pages may call; `*`: any. */
  readonly allowedOrigins: readonly string[];
  readonly limits: Limits;
}

/** What one caller may ask for. */
export interface Limits {
  /** Fields within fields. */
  readonly maxDepth: number;
  /** Rows that one operation may bring, estimated before it runs; a beam search counts as 50. */
  readonly maxCost: number;
  /** Fields of one operation, fragments written out. */
  readonly maxFields: number;
  readonly maxAliases: number;
  /** Words and signs of one document. */
  readonly maxTokens: number;
  readonly maxBodyBytes: number;
  /** Operations that one WebSocket may have open. */
  readonly maxSocketOperations: number;
  /** Time that a WebSocket has to introduce itself. */
  readonly socketInitTimeoutMs: number;
  /** Time to send a whole request. */
  readonly requestTimeoutMs: number;
  /** Time for running requests to finish after a signal to stop. */
  readonly shutdownGraceMs: number;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const VARIABLES = {
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: text('a host name or address').default('0.0.0.0'),
  DATABASE_URL: text('file:… or postgresql://…', /^(file:.|postgres(ql)?:\/\/.)/).default('file:./data/tigerql.db'),
  DATA_DIR: text('a folder').default('./data'),
  TIGER_BACKEND: oneOf(['auto', ...DEVICE_KINDS]).default('auto'),
  TIGERQL_ADMIN_KEY: text('at least 16 characters without blanks', /^\S{16,}$/).optional(),
  TIGERQL_DEMO: flag().default(true),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  TIGERQL_READ_ACCESS: oneOf(['open', 'key']).default('open'),
  ALLOWED_ORIGINS: origins().default([]),
  TIGERQL_MAX_DEPTH: wholeNumber(1, 100).default(16),
  TIGERQL_MAX_COST: wholeNumber(1, 10_000_000).default(50_000),
  TIGERQL_MAX_FIELDS: wholeNumber(1, 100_000).default(1000),
  TIGERQL_MAX_ALIASES: wholeNumber(0, 10_000).default(50),
  TIGERQL_MAX_TOKENS: wholeNumber(10, 100_000).default(2000),
  TIGERQL_MAX_BODY_BYTES: wholeNumber(1000, 1_000_000_000).default(8_000_000),
  TIGERQL_MAX_SOCKET_OPERATIONS: wholeNumber(1, 10_000).default(20),
  TIGERQL_SOCKET_INIT_TIMEOUT_MS: wholeNumber(1, 60_000).default(3000),
  TIGERQL_REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000).default(30_000),
  TIGERQL_SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000).default(10_000),
};

export const VARIABLE_NAMES = Object.keys(VARIABLES);

/**
 * @throws {ConfigError} Naming every variable that is wrong, its value and what is expected; secrets are not shown.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is how compose files and shells write "not set".
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
    dataDir: env.DATA_DIR,
    backend: env.TIGER_BACKEND,
    adminKey: env.TIGERQL_ADMIN_KEY,
    demo: env.TIGERQL_DEMO,
    logLevel: env.LOG_LEVEL,
    readAccess: env.TIGERQL_READ_ACCESS,
    allowedOrigins: env.ALLOWED_ORIGINS,
    limits: {
      maxDepth: env.TIGERQL_MAX_DEPTH,
      maxCost: env.TIGERQL_MAX_COST,
      maxFields: env.TIGERQL_MAX_FIELDS,
      maxAliases: env.TIGERQL_MAX_ALIASES,
      maxTokens: env.TIGERQL_MAX_TOKENS,
      maxBodyBytes: env.TIGERQL_MAX_BODY_BYTES,
      maxSocketOperations: env.TIGERQL_MAX_SOCKET_OPERATIONS,
      socketInitTimeoutMs: env.TIGERQL_SOCKET_INIT_TIMEOUT_MS,
      requestTimeoutMs: env.TIGERQL_REQUEST_TIMEOUT_MS,
      shutdownGraceMs: env.TIGERQL_SHUTDOWN_GRACE_MS,
    },
  };
}

function complaint(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  const value = given[name] ?? '';
  return `${name}: expected ${issue.message}, got ${name.endsWith('_KEY') ? `${value.length} characters` : shown(value)}`;
}

/** Passwords in addresses stay out of terminals and logs. */
function shown(value: string): string {
  return JSON.stringify(value.replace(/:[^:/@]+@/, ':***@'));
}

// ---- Kinds of value; each message completes "expected …" ---------------------------------------------------------

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

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

function flag() {
  return oneOf(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
}

function origins() {
  return z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim().replace(/\/$/, '')))
    .refine(
      (values) => values.every((value) => value === '*' || /^https?:\/\/[^/\s]+$/.test(value)),
      '* or origins such as https://shop.example.com, separated by commas',
    );
}
