/** What a command gets from the program around it, and how it says what came out. */
import { InvalidArgumentError, type Command } from 'commander';

import type { Config } from '../config';
import { openProgress, type Progress, type ProgressStream } from './progress-bar';

export interface CommandEnvironment {
  /** Reads the configuration when a command needs it, so that `--help` works beside a wrong variable. */
  readonly config: () => Config;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: ProgressStream;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, environment: CommandEnvironment) => void;

/** A failure that is said in one line; exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A wrong argument that commander does not find by itself; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Every command that prints a result has this option. */
export interface OutputOptions {
  readonly json?: boolean;
}

export const JSON_OPTION = ['--json', 'print one JSON document on stdout and nothing else there'] as const;

/** The result on stdout: as one JSON document, or as text for people. */
export function printResult(
  { stdout }: CommandEnvironment,
  { json }: OutputOptions,
  document: unknown,
  text: () => string,
): void {
  stdout.write(`${json === true ? JSON.stringify(document, null, 2) : text()}\n`);
}

/** Runs a stretch of work with its progress on stderr. */
export async function withProgress<T>(
  { stderr }: CommandEnvironment,
  title: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = openProgress(title, stderr);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

/** An option's parser; commander prints the option's name before the message. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}
