/** `tigerql doctor`: reports what this machine can do, and whether the server finds what it needs. It changes nothing. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { cpus, freemem } from 'node:os';
import { dirname, resolve } from 'node:path';

import { type Config, withoutPassword } from '../config';
import { reasonOf } from '../storage/database-error';
import { connectPostgresql } from '../storage/postgresql-pool';
import { sqlitePath } from '../storage/sqlite-snapshot';
import { roomHere } from '../workers/machine-share';
import { type AddCommand, CommandError, JSON_OPTION, type OutputOptions, printResult } from './command';
import { formatTable } from './text-table';

const GIB = 2 ** 30;

interface Finding {
  readonly works: boolean;
  readonly detail: string;
}

export const addDoctor: AddCommand = (program, environment) => {
  program
    .command('doctor')
    .description('report what this machine can do: compute devices, database, folders, memory')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const findings = await examine(environment.config());
      printResult(environment, options, findings, () => describe(findings));
      failOn(findings);
    });
};

async function examine(config: Config): Promise<Findings> {
  const { dataDir, backend, role, checkpoints } = config;
  // Imported here only, because the tensor engine takes half a second to load.
  const { probeDevices } = await import('../../models/compute/backends.js');
  const devices = await probeDevices();
  const chosen = devices.find(({ kind, works }) => (backend === 'auto' ? works : kind === backend && works));
  const { cores, memoryBytes } = roomHere();
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGib: { total: round(memoryBytes / GIB), free: round(Math.min(freemem(), memoryBytes) / GIB) },
    role,
    checkpoints,
    backend,
    device: chosen?.kind ?? null,
    devices,
    database: await probeDatabase(config),
    dataDir: probeFolder(resolve(dataDir)),
  };
}

async function probeDatabase({ databaseUrl, database }: Config): Promise<Finding> {
  if (databaseUrl.startsWith('file:')) return probeSqlite(sqlitePath(databaseUrl));
  const where = `PostgreSQL ${withoutPassword(databaseUrl)}`;
  try {
    await (await connectPostgresql(databaseUrl, database)).end();
    return { works: true, detail: `${where} answers` };
  } catch (error) {
    return { works: false, detail: `${where}: ${reasonOf(error)}` };
  }
}

/** SQLite writes files beside the database, too. */
function probeSqlite(path: string): Finding {
  const where = `SQLite ${path}`;
  const folder = probeFolder(dirname(path));
  if (!existsSync(path)) return { works: folder.works, detail: `${where}: the first start makes it; ${folder.detail}` };
  if (!folder.works) return { works: false, detail: `${where}: ${folder.detail}` };
  return isWritable(path)
    ? { works: true, detail: `${where}: present` }
    : { works: false, detail: `${where}: cannot be written` };
}

/** A folder that does not exist yet works when it can be made. */
function probeFolder(path: string): Finding {
  const existing = existingAncestor(path);
  if (!statSync(existing).isDirectory()) return { works: false, detail: `${path}: ${existing} is a file` };
  const works = isWritable(existing);
  return { works, detail: works ? `${path} can be written` : `${path}: ${existing} cannot be written` };
}

function existingAncestor(path: string): string {
  return existsSync(path) ? path : existingAncestor(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface Findings {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: { readonly total: number; readonly free: number };
  readonly role: string;
  readonly checkpoints: string;
  readonly backend: string;
  readonly device: string | null;
  readonly devices: readonly { readonly kind: string; readonly works: boolean; readonly why: string }[];
  readonly database: Finding;
  readonly dataDir: Finding;
}

/** @throws {CommandError} When the server would not start or train here. */
function failOn(findings: Findings): void {
  const { backend, device } = findings;
  if (device === null) throw new CommandError(`TIGER_BACKEND ${backend}: expected a device that works, got none`);
  for (const name of ['database', 'dataDir'] as const) {
    if (!findings[name].works) throw new CommandError(`${name}: ${findings[name].detail}`);
  }
}

function describe(findings: Findings): string {
  const { memoryGib } = findings;
  const facts = [
    ['Node', `${findings.node}, ${findings.platform}`],
    ['Processor', `${findings.cores} × ${findings.processor}`],
    ['Memory', `${memoryGib.total} GiB, ${memoryGib.free} GiB free`],
    ['Database', findings.database.detail],
    ['Data', findings.dataDir.detail],
    ['Models', `kept in ${findings.checkpoints} (TIGERQL_CHECKPOINTS)`],
    ['Role', `${findings.role} (TIGERQL_ROLE)`],
  ];
  const devices = findings.devices.map(({ kind, works, why }) => [
    kind === findings.device ? `→ ${kind}` : `  ${kind}`,
    works ? 'yes' : 'no',
    why,
  ]);
  return [
    ...facts.map(([name, value]) => `${name.padEnd(10)} ${value}`),
    '',
    `Devices, best first (TIGER_BACKEND=${findings.backend}):`,
    formatTable(['  device', 'works', 'what it is, or why it does not work'], devices),
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
