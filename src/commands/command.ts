/** The environment that all commands share, their errors, and how they print results and progress. */
import { InvalidArgumentError, type Command } from 'commander';

import type { Config } from '../config';
import { openProgress, type Progress, type ProgressStream } from './progress';

export interface CommandEnvironment {
  /** Reads the configuration. Only called when a command needs it, so that `--help` works with a wrong variable. */
  readonly config: () => Config;
  /** Absent: that of the process. */
  readonly stdin?: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: ProgressStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, environment: CommandEnvironment) => void;

/** A failure that one line explains; exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The option of every command that prints a result. */
export interface OutputOptions {
  readonly json?: boolean;
}

export const JSON_OPTION = ['--json', 'print one JSON document on stdout, and nothing else there'] as const;

/** Prints the result on stdout: as one JSON document, or as text for people. */
export function printResult(
  { stdout }: CommandEnvironment,
  { json }: OutputOptions,
  document: unknown,
  text: () => string,
): void {
  stdout.write(`${json === true ? JSON.stringify(document, null, 2) : text()}\n`);
}

/** Runs the work and shows its progress on stderr. */
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

/** @returns A parser for an option. Commander prints the name of the option before the message. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}
