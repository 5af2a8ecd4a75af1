/** `npm run bench`: measures every claim of docs/performance.md and prints its figure beside the peer's. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';

import { wholeNumber } from '../src/commands/command';
import type { Claim, ShopName } from './claim';
import { CLAIMS } from './claims';
import { inChild, measureHere, runClaim, type Row, type Side } from './harness';
import { drawPlots } from './plots';
import { drawQualityPlots } from './quality-plots';
import { jsonLine, machineLine, tableOf } from './report';
import { measureScale, SCALE_STEPS } from './scale';
import { reportScale, SCALE } from './scale-report';
import { makeShop } from './shop';
import { findTorch } from './torch';

interface BenchOptions {
  readonly json?: boolean;
  readonly only?: string;
  readonly list?: boolean;
  readonly runs: number;
  readonly sizes: readonly number[];
  readonly steps?: readonly string[];
  readonly dir?: string;
  readonly plots?: string;
  readonly quality?: string;
}

const CHILD = '--child';
const USAGE_ERROR = 2;

async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === CHILD) return child(argv.slice(1));
  const program = new Command('bench')
    .description(
      'measure the claims of docs/performance.md; each figure stands beside the figure of its peer from the same run',
    )
    .option('--json', 'print one JSON object per line, and nothing else on stdout')
    .option(
      '--only <names>',
      'only these claims, separated by commas; scale: one shop at several sizes, which is not among the claims',
    )
    .option('--list', 'print the names of the claims, and end')
    .option('--runs <n>', 'pairs of measurements per claim', wholeNumber(1, 100), 7)
    .option(
      '--sizes <sizes>',
      'with --only scale: items of the generated shops, as 10k,100k,1m',
      (text) => text.split(',').map(sizeOf),
      [10_000, 100_000],
    )
    .option('--steps <steps>', `with --only scale: some of ${SCALE_STEPS.join(',')}`, (text) => text.split(','))
    .option(
      '--dir <dir>',
      'with --only scale: keep the shops here, in scale-10k and so on, for the steps of later calls',
    )
    .option(
      '--plots <dir>',
      'draw the plots of docs/performance.md into this folder: with --only scale its own, else the others, and measure nothing else',
    )
    .option(
      '--quality <file>',
      'with --plots: draw the plots of docs/quality.md instead, from the output of `evaluate --json`',
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR))
    .parse(['node', 'bench', ...argv]);
  const options = program.opts<BenchOptions>();
  const inOwn = (args: readonly string[]) => inChild([CHILD, ...args]);
  if (options.only === SCALE) return reportScale(options, inOwn);
  const claims = chosen(options.only, program);
  if (options.list === true) process.stdout.write(claims.map(({ name, what }) => `${name}\n    ${what}\n`).join(''));
  else if (options.plots !== undefined) await draw(options.plots, options.quality);
  else await measureAll(claims, options);
}

function chosen(names: string | undefined, program: Command): readonly Claim[] {
  if (names === undefined) return CLAIMS;
  return names.split(',').map((name) => {
    const claim = CLAIMS.find((one) => one.name === name);
    return claim ?? program.error(`--only: expected names from the output of --list, got ${name}`);
  });
}

function sizeOf(text: string): number {
  const thousands = { k: 1_000, m: 1_000_000 }[text.slice(-1).toLowerCase()];
  return thousands === undefined ? Number(text) : thousands * Number(text.slice(0, -1));
}

async function draw(dir: string, quality?: string): Promise<void> {
  const files =
    quality === undefined ? ((await inChild([CHILD, 'plots', dir])) as string[]) : await drawQualityPlots(quality, dir);
  process.stdout.write(files.map((file) => `${file}\n`).join(''));
}

async function measureAll(claims: readonly Claim[], { json, runs }: BenchOptions): Promise<void> {
  const torch = await findTorch();
  const shops = new Shops();
  const rows: Row[] = [];
  const say = json === true ? process.stderr : process.stdout;
  say.write(`${machineLine(torch)}\n\n`);
  try {
    for (const claim of claims) {
      process.stderr.write(`${claim.name} …\n`);
      const row = await runClaim(claim, { runs, torch, shopDir: await shops.dirFor(claim) });
      rows.push(row);
      if (json === true) process.stdout.write(`${jsonLine(row)}\n`);
    }
  } finally {
    await shops.dispose();
  }
  if (json !== true) process.stdout.write(`\n${tableOf(rows)}\n`);
}

/** Makes each shop when the first claim needs it, and removes all of them when the bench ends. */
class Shops {
  private readonly dirs = new Map<ShopName, string>();
  private root: string | null = null;

  async dirFor({ shop }: Claim): Promise<string> {
    if (shop === undefined) return '';
    const known = this.dirs.get(shop);
    if (known !== undefined) return known;
    this.root ??= await mkdtemp(join(tmpdir(), 'tigerql-bench-'));
    const dir = join(this.root, shop);
    process.stderr.write(`making the ${shop} shop …\n`);
    await inChild([CHILD, 'shop', shop, dir]);
    this.dirs.set(shop, dir);
    return dir;
  }

  async dispose(): Promise<void> {
    if (this.root !== null) await rm(this.root, { recursive: true, force: true });
  }
}

/** Does the task of a child process, and sends the result to the parent. */
async function child([task, ...args]: readonly string[]): Promise<void> {
  const result = await childResult(task, args);
  process.send?.(result, () => process.exit(0));
}

async function childResult(task: string, [first, second, third]: readonly string[]): Promise<unknown> {
  if (task === 'plots') return drawPlots(first);
  if (task === SCALE) return measureScale(first, second, third);
  if (task === 'shop') return makeShop(second, first as ShopName).then(() => 'made');
  const claim = CLAIMS.find(({ name }) => name === task);
  if (claim === undefined) throw new Error(`--child: expected a claim, got ${task}`);
  return measureHere(claim, first as Side, second);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
