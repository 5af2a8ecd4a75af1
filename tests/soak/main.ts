/** `npm run soak -- NAME [--count N]`: runs a program of this folder, which searches long for failures that a test has no time for. */
import 'reflect-metadata';

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { wholeNumber } from '../../src/commands/command';

interface SoakProgram {
  /** Prints its figures. @throws {Error} When something failed. */
  run(count: number): Promise<void>;
}

const NAMES = readdirSync(__dirname)
  .flatMap((file) => /^(.+)\.js$/.exec(file)?.[1] ?? [])
  .filter((name) => name !== 'main');

const SMALL_COUNT = 10;

async function main(): Promise<void> {
  const program = new Command('soak')
    .argument('<name>', `one of ${NAMES.join(', ')}`)
    .option('--count <n>', 'how much of it; each program says of what', wholeNumber(1, 10_000_000), SMALL_COUNT)
    .parse();
  const [name] = program.args;
  if (!NAMES.includes(name)) program.error(`soak: expected one of ${NAMES.join(', ')}, got ${name}`);
  const { run } = (await import(join(__dirname, `${name}.js`))) as SoakProgram;
  await run(program.opts<{ count: number }>().count);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
