/** Prints results: as a table for people, as JSON lines for programs. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import { formatTable, type Cell } from '../src/commands/text-table';
import { PACKAGE_ROOT } from '../src/paths';
import type { Limit } from './claim';
import { figuresOf, noteOf, type Row } from './harness';
import type { TorchRunner } from './torch';

/** @returns One line about the machine and the versions on it. */
export function machineLine(torch: TorchRunner): string {
  const [{ model }] = cpus();
  return [
    `${model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    `onnxruntime-node ${packageVersion('onnxruntime-node')}`,
    `PyTorch ${torch.description}`,
    `load average ${loadavg()[0].toFixed(1)}`,
  ].join(' · ');
}

function packageVersion(name: string): string {
  const path = join(PACKAGE_ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

const HEADER = ['name', 'ours', 'peer', 'unit', 'ratio', 'half of the pairs', 'CPU', 'target', 'verdict'];

/** Prints one line per claim. `ratio` and `CPU` are medians over the pairs, of wall time and of processor time. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row): Cell[] => [
    row.claim.name,
    significant(row.ours),
    row.peer === null ? '–' : significant(row.peer),
    row.claim.unit,
    fixed(row.ratio),
    row.ratioSpread === null ? '–' : row.ratioSpread.map(fixed).join('–'),
    fixed(row.cpuRatio),
    row.claim.limits.map(limitText).join(', ') || '–',
    row.verdict,
  ]);
  return [formatTable(HEADER, cells), ...rows.flatMap(remarks)].join('\n');
}

function fixed(ratio: number | null): string {
  return ratio === null ? '–' : ratio.toFixed(2);
}

/** @returns A line with the notes and the remark of a row, when it has any. */
function remarks(row: Row): string[] {
  const names = Object.keys(row.samples[0]?.ours.notes ?? {});
  const notes = names.map((name) => `${name} ${significant(noteOf(row.samples, name) ?? NaN)}`);
  const texts = [...notes, ...(row.remark === null ? [] : [row.remark])];
  return texts.length === 0 ? [] : [`  ${row.claim.name}: ${texts.join(', ')}`];
}

function limitText({ on, atMost, atLeast }: Limit): string {
  const figure = typeof on === 'string' ? on : on.note;
  return atMost === undefined ? `${figure} ≥ ${atLeast}` : `${figure} ≤ ${atMost}`;
}

/** @returns One JSON object on one line: medians, and every pair under `samples`. */
export function jsonLine(row: Row): string {
  const { claim, ours, peer, ratio, ratioSpread, cpuRatio, samples, verdict, remark } = row;
  const limits = claim.limits.map((limit) => ({ ...limit, figures: figuresOf(limit.on, samples) }));
  return JSON.stringify({
    name: claim.name,
    ours,
    peer,
    ratio,
    unit: claim.unit,
    runs: samples.length,
    ratioSpread,
    cpuRatio,
    verdict,
    limits,
    remark,
    samples,
  });
}

/** No measurement here is exact to more than four digits. */
function significant(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
