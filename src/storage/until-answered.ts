/** Repeats work on the database until it answers: a lock, a full disk or a lost connection may pass. */
import { setTimeout } from 'node:timers/promises';

import { DatabaseError } from './database-error';

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 30_000;

/**
 * @param work - Safe to repeat, also when an attempt has done its work and only its answer was lost.
 * @param options.onFault - Called once, at the first attempt that finds no answer.
 * @throws An error that a repetition would only bring again, such as a broken constraint.
 * @throws {AbortError} When the signal is aborted between two attempts.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { onFault, signal }: { readonly onFault: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, MAX_WAIT_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseFault(error)) throw error;
      if (waitMs === FIRST_WAIT_MS) onFault(error);
      await setTimeout(waitMs, undefined, { signal });
    }
  }
}

/** Prisma's codes for what a query asks wrongly: values, constraints, rows and tables that there are not. */
const REFUSALS = /^P20(0\d|1[1-9]|2[0-35])$/;

/** Whether the database gave no answer, rather than a refusal of what was asked. */
export function isDatabaseFault(error: unknown): boolean {
  if (error instanceof DatabaseError) return true; // it waited for the write lock in vain
  if (!(error instanceof Error)) return false;
  const { name, code, meta } = error as Error & PrismaDetails;
  if (name === 'PrismaClientValidationError' || !/^(PrismaClient|DriverAdapterError)/.test(name)) return false;
  const kind = meta?.driverAdapterError?.cause?.kind ?? '';
  return !REFUSALS.test(code ?? '') && !kind.endsWith('ConstraintViolation');
}

interface PrismaDetails {
  readonly code?: string;
  /** What the database's driver said, where Prisma has no code of its own for it. */
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly kind?: string } } };
}
