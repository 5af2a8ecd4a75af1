/** Prints results: as a table for people, as JSON lines for programs. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import { formatTable, type Cell } from '../src/commands/text-table';
import { PACKAGE_ROOT } from '../src/paths';
import type { Limit } from './claim';
import { figureOf, noteOf, type Row } from './harness';
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

const HEADER = ['name', 'ours', 'peer', 'unit', 'min', 'median', 'target', 'ok?'];

/** Prints one line per claim. The columns `min` and `median` are of the ratio. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row): Cell[] => [
    row.claim.name,
    significant(row.ours),
    row.peer === null ? '–' : significant(row.peer),
    row.claim.unit,
    row.ratioMin === null ? '–' : row.ratioMin.toFixed(2),
    row.ratio === null ? '–' : row.ratio.toFixed(2),
    row.claim.limits.map(limitText).join(', '),
    row.holds === null ? '?' : row.holds ? 'yes' : 'NO',
  ]);
  return [formatTable(HEADER, cells), ...rows.flatMap(remarks)].join('\n');
}

/** @returns A line with the notes and the remark of a row, when it has any. */
function remarks(row: Row): string[] {
  const names = Object.keys(row.samples[0]?.ours.notes ?? {});
  const notes = names.map((name) => `${name} ${significant(noteOf(row.samples, name) ?? NaN)}`);
  const texts = [...notes, ...(row.remark === null ? [] : [row.remark])];
  return texts.length === 0 ? [] : [`  ${row.claim.name}: ${texts.join(', ')}`];
}

export function limitText({ on, atMost, atLeast }: Limit): string {
  const figure = typeof on === 'string' ? on : on.note;
  return atMost === undefined ? `${figure} ≥ ${atLeast}` : `${figure} ≤ ${atMost}`;
}

/** @returns One JSON object on one line: medians, and every pair under `samples`. */
export function jsonLine(row: Row): string {
  const { claim, ours, peer, ratio, ratioMin, samples, holds, remark } = row;
  const limits = claim.limits.map((limit) => ({ ...limit, figure: figureOf(limit, row) }));
  return JSON.stringify({
    name: claim.name,
    ours,
    peer,
    ratio,
    unit: claim.unit,
    runs: samples.length,
    ratioMin,
    holds,
    limits,
    remark,
    samples,
  });
}

/** No measurement here is exact to more than four digits. */
function significant(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
