/** Runs the command line inside the test's process, with a database and a data folder of its own. */
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCommandLine } from '../../src/commands/command-line';
import { readConfig } from '../../src/config';
import { temporaryFolder } from './temporary-folder';

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandFolder {
  readonly dir: string;
  /** @param input - What comes through standard input. */
  run(
    args: readonly string[],
    variables?: NodeJS.ProcessEnv,
    signal?: AbortSignal,
    input?: string,
  ): Promise<CommandRun>;
  /** Runs it with `--json`. @returns The one document that it prints. @throws {Error} With its stderr, when it fails. */
  runJson(...args: string[]): Promise<Record<string, unknown>>;
}

export function openCommandFolder(): CommandFolder {
  const dir = temporaryFolder();
  async function run(
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
    signal = new AbortController().signal,
    input = '',
  ): Promise<CommandRun> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const config = () => readConfig({ DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir, ...variables });
    const code = await runCommandLine(args, { config, stdin: Readable.from([input]), stdout, stderr, signal });
    stdout.end();
    stderr.end();
    return { code, stdout: await text(stdout), stderr: await text(stderr) };
  }
  return {
    dir,
    run,
    async runJson(...args) {
      const { code, stdout, stderr } = await run([...args, '--json']);
      if (code !== 0) throw new Error(`tigerql ${args.join(' ')}: expected exit code 0, got ${code}\n${stderr}`);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}
