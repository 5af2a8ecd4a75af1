/** Faults of the database itself, rather than of a question to it; and how long to ask again. */
import { setTimeout } from 'node:timers/promises';

import { isDiskFault } from '../files/file-fault';
import { Backoff } from '../waiting/polling';

/** The database cannot be opened, or does not answer now; the message says what was expected. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError';
}

/** A newer version of the program has changed the tables, so that this one must not read or write them any more. */
export class NewerTablesError extends DatabaseError {
  override readonly name = 'NewerTablesError';
}

/** Prisma's codes for a wrong query: its values, a constraint, or rows and tables that do not exist. */
const REFUSALS = /^P20(0\d|1[1-9]|2[0-35])$/;
/** PostgreSQL's classes for the same: data, constraints, syntax and names, privileges. And SQLite's code for wrong SQL. */
const REFUSED_CODES = /^(21...|22...|23...|42...|1)$/;

/** Messages of PostgreSQL's driver that have no code: a connection broke, or did not come in time. */
const BROKEN_CONNECTION = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|Query read timeout)/; // prettier-ignore

/** Whether PostgreSQL has said nothing for longer than a statement may take. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Codes of the network, and PostgreSQL's classes: connection, resources, lock not available, shut down or cancelled, system errors. */
const NO_ANSWER_CODES = /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53...|55P03|57...|58...)$/;
/** SQLite's codes, which its driver throws unchanged when a transaction ends. */
const SQLITE_CODES = /^SQLITE_(BUSY|CANTOPEN|FULL|IOERR|LOCKED|READONLY)/;

/** Whether the database gave no answer, rather than a refusal of what was asked. */
export function isDatabaseFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // An error that came from another thread has kept only its name.
  if (error.name === 'DatabaseError' || error.name === 'NewerTablesError') return true;
  const { name, message, code = '', meta } = error as Error & PrismaDetails;
  if (BROKEN_CONNECTION.test(message) || NO_ANSWER_CODES.test(code) || SQLITE_CODES.test(code)) return true;
  if (name === 'PrismaClientValidationError' || !/^(PrismaClient|DriverAdapterError)/.test(name)) return false;
  const { kind = '', originalCode = '' } = meta?.driverAdapterError?.cause ?? {};
  return !REFUSALS.test(code) && !kind.endsWith('ConstraintViolation') && !REFUSED_CODES.test(originalCode);
}

/** Whether a transaction of this process took longer than one may: the database was slow, or the transaction had too much to do. */
export function isExpired(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as Partial<Error> & PrismaDetails;
  return code === 'P2028' && message.includes('expired transaction');
}

/** Prisma's codes for a server that it cannot reach, and for one that has closed the connection. */
const LOST_BY_PRISMA = /^P10(01|17)$/;
/** How PostgreSQL, or a pooler before it, refuses what it does not understand. */
const PROTOCOL_VIOLATION = '08P01';
const LOCK_NOT_AVAILABLE = '55P03';
/** Codes of the network, and PostgreSQL's: connection (without that refusal), shut down, crashed, starting. */
const LOST_CODES = /^(ECONN\w+|EPIPE|08(?!P01)...|57P0[123])$/;

/** Whether the connection to the database broke, or none could be made, so that what was not committed has not happened. */
export function isConnectionLost(error: unknown): boolean {
  const { name, message = '', code = '', meta, cause } = (error ?? {}) as Partial<Error> & PrismaDetails;
  if (name === 'AggregateError') return (error as AggregateError).errors.some(isConnectionLost);
  if (LOST_CODES.test(code) || LOST_BY_PRISMA.test(code)) return true;
  if (BROKEN_CONNECTION.test(message) && !message.startsWith('timeout')) return true;
  const { kind = '', originalCode = '' } = meta?.driverAdapterError?.cause ?? (cause as DriverCause | undefined) ?? {};
  return kind === 'ConnectionClosed' || kind === 'DatabaseNotReachable' || LOST_CODES.test(originalCode);
}

interface DriverCause {
  readonly kind?: string;
  readonly originalCode?: string;
}

interface PrismaDetails {
  readonly code?: string;
  /** The driver's words, where Prisma has no code of its own for them. */
  readonly meta?: {
    readonly driverAdapterError?: { readonly cause?: DriverCause };
  };
}

/** Node's codes for a certificate that none of its authorities has signed. */
const UNKNOWN_SIGNER = /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT_LOCALLY|VERIFY_LEAF_SIGNATURE))$/; // prettier-ignore

/**
 * @returns What a database or its driver says, for people. The SQLite adapter keeps the database's words in the cause, after a code; a
 *   refused connection keeps a list of errors.
 */
export function reasonOf(error: unknown): string {
  const { message, cause, errors, code = '' } = error as Error & UnreadDetails;
  const said = cause?.originalMessage ?? (wordsIn(message) || (errors ?? []).map((each) => each.message).join('; '));
  const words = CANNOT_OPEN.test(said) ? 'a file that cannot be opened' : said.replace(/^SQLITE_\w+: /, '');
  return `${words}${hintAt(code, said)}`;
}

/** How the driver puts SQLite's code 14. */
const CANNOT_OPEN = /^ConnectionFailed\("Unable to open connection to local database .*: 14"\)$/;

/** Prisma puts the lines of our code before what the database said. */
function wordsIn(message: string): string {
  const [last = ''] = message.trim().split('\n').slice(-1);
  return last.replace(/^Raw query failed\. Code: `\w+`\. Message: `(.*)`$/, '$1');
}

interface UnreadDetails {
  readonly code?: string;
  readonly cause?: { readonly originalMessage?: string };
  readonly errors?: readonly Error[];
}

function hintAt(code: string, said: string): string {
  if (CANNOT_OPEN.test(said)) return '; it is a folder, or this user may not read and write it';
  if (said.includes('database or disk is full')) return '; make room on the disk, or choose another';
  if (UNKNOWN_SIGNER.test(code))
    return "; add sslrootcert=FILE with the certificate of your provider's authority, or sslmode=no-verify, to the address";
  if (code === PROTOCOL_VIOLATION)
    return '; a pooler before PostgreSQL must ignore the parameters of our limits: see docs/several-servers.md';
  if (code === LOCK_NOT_AVAILABLE) return '; another process has held its lock all the time: try again';
  if (code === 'ERR_INVALID_URL') return '; in a password, write @ as %40, : as %3A and / as %2F';
  return '';
}

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 30_000;
/** A slow disk may pass. A transaction that has too much to do would hold the write lock again and again. */
const MAX_EXPIRED = 3;

/**
 * @param work - Safe to repeat, also when an attempt has done its work and only its answer was lost.
 * @param options.onFault - Called once, at the first attempt that finds no answer.
 * @throws An error that a repetition would only bring again, such as a broken constraint, or the third transaction that takes too long.
 * @throws {AbortError} When the signal is aborted between two attempts.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { onFault, signal }: { readonly onFault: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<T> {
  const wait = new Backoff(FIRST_WAIT_MS, MAX_WAIT_MS);
  for (let numExpired = 0; ;) {
    try {
      return await work();
    } catch (error) {
      if (![isDatabaseFault, isStoreFault, isDiskFault].some((isFault) => isFault(error))) throw error;
      if (isExpired(error) && ++numExpired === MAX_EXPIRED) throw error;
      if (!wait.isFailing) onFault(error);
      await setTimeout(wait.afterFailure(), undefined, { signal });
    }
  }
}

/** Whether the checkpoint store gave no answer. */
export function isStoreFault(error: unknown): boolean {
  return error instanceof Error && error.name === 'CheckpointStoreError';
}
