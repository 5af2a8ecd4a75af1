/** The command line `tigerql`: its commands, its exit codes, and the only place that prints a failure. */
import { Command, CommanderError } from 'commander';

import { fileFaultText } from '../files/file-fault';
import { messageOf } from '../message-of';
import { packageVersion } from '../paths';
import { DatabaseError, isDatabaseFault, reasonOf } from '../storage/database-error';
import { addBackup, addRestore } from './backup';
import type { AddCommand, CommandEnvironment } from './command';
import { addDoctor } from './doctor';
import { addEvaluate } from './evaluate';
import { addExport, addImport } from './import-export';
import { addKeys } from './keys';
import { addMigrate, addPrune } from './maintenance';
import { addMcp } from './mcp';
import { addRecommend } from './recommend';
import { addServe } from './serve';
import { oneLine } from './text-table';
import { addTrain } from './train';

const COMMANDS: readonly AddCommand[] = [
  addServe,
  addMigrate,
  addImport,
  addTrain,
  addEvaluate,
  addRecommend,
  addExport,
  addBackup,
  addRestore,
  addPrune,
  addKeys,
  addMcp,
  addDoctor,
];

const EXIT_CODES = { ok: 0, failed: 1, usage: 2 } as const;

/**
 * Runs one command to its end.
 *
 * @param args - The words after `tigerql`.
 * @returns The exit code: 0 for success, 1 for a failure, 2 for a wrong call.
 */
export async function runCommandLine(args: readonly string[], environment: CommandEnvironment): Promise<number> {
  try {
    await buildProgram(environment).parseAsync(args, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage; // commander has printed the error
    environment.stderr.write(`${failureText(error, environment)}\n`);
    return EXIT_CODES.failed;
  }
}

function buildProgram(environment: CommandEnvironment): Command {
  const program = new Command('tigerql')
    .description(
      'A GraphQL server that recommends by generating.\nSettings come from the environment: docs/configuration.md.',
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
    });
  for (const add of COMMANDS) add(program, environment);
  return program;
}

/** @returns One line; the stack too when the log level is `debug` or `trace`. */
function failureText(error: unknown, { config, signal }: CommandEnvironment): string {
  if (signal.aborted) return 'tigerql: stopped';
  const { name = '', stack } = (error ?? {}) as Partial<Error>;
  if (stack !== undefined && isDebugging(config)) return `tigerql: ${stack}`;
  // Its driver does not say what it waits for; our own errors do.
  const isOfDriver = isDatabaseFault(error) && !(error instanceof DatabaseError);
  if (name.startsWith('PrismaClient') || isOfDriver) return `tigerql: database: ${oneLine(reasonOf(error))}`;
  return `tigerql: ${oneLine(fileFaultText(error) ?? messageOf(error))}`;
}

function isDebugging(config: CommandEnvironment['config']): boolean {
  try {
    return ['debug', 'trace'].includes(config().logLevel);
  } catch {
    return false; // the configuration itself may be wrong
  }
}
