/** `tigerql doctor`: reports what this machine has to compute with. It changes nothing. */
import { cpus } from 'node:os';

import { roomHere } from '../workers/machine-share';
import { type AddCommand, CommandError, JSON_OPTION, type OutputOptions, printResult } from './command';
import { formatTable } from './text-table';

const MIB = 2 ** 20;

export const addDoctor: AddCommand = (program, environment) => {
  program
    .command('doctor')
    .description('report what this machine has to compute with: devices, processor, memory')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const { backend } = environment.config();
      const findings = await examine(backend);
      printResult(environment, options, findings, () => describe(findings));
      if (findings.device === null)
        throw new CommandError(`TIGER_BACKEND ${backend}: expected a device that works, got none`);
    });
};

type Findings = Awaited<ReturnType<typeof examine>>;

async function examine(backend: string) {
  // Imported here only, because the tensor engine takes half a second to load.
  const { probeDevices } = await import('../../models/compute/backends.js');
  const devices = await probeDevices();
  const chosen = devices.find(({ kind, works }) => works && (backend === 'auto' || kind === backend));
  const { cores, memoryBytes } = roomHere();
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMib: Math.round(memoryBytes / MIB),
    backend,
    device: chosen?.kind ?? null,
    devices,
  };
}

function describe({ node, platform, cores, processor, memoryMib, backend, device, devices }: Findings): string {
  const rows = devices.map(({ kind, works, why }) => [
    kind === device ? `→ ${kind}` : `  ${kind}`,
    works ? 'yes' : 'no',
    why,
  ]);
  return [
    `Node ${node}, ${platform}; ${cores} × ${processor}; ${memoryMib} MiB of memory`,
    '',
    `Devices, best first (TIGER_BACKEND=${backend}):`,
    formatTable(['  device', 'works', 'what it is, or why it does not work'], rows),
  ].join('\n');
}
