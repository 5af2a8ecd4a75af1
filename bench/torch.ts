/** The PyTorch peers of bench/peers, run under their fair settings. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_ROOT } from '../src/paths';
import type { Figures, TorchPeer, TorchReport } from './claim';

const run = promisify(execFile);

const PEERS = join(PACKAGE_ROOT, 'bench', 'peers');
/** Debian's, for which the settings were made; another python3 may come first in PATH. */
const PYTHON = '/usr/bin/python3';
const INSTALL = 'apt-get install -y python3-torch python3-numpy libopenblas0-openmp';

export interface TorchRunner {
  /** Such as `2.6.0+debian, openblas-openmp`. */
  readonly description: string;
  /** Why there is nothing to compare with; null: there is. */
  readonly problem: string | null;
  run(peer: TorchPeer): Promise<Figures>;
}

/** Looks whether PyTorch is there with a BLAS worth comparing with. */
export async function findTorch(): Promise<TorchRunner> {
  try {
    const { stdout } = await python([
      '-c',
      "import torch, bench_common; torch.ones(9, 9) @ torch.ones(9, 9); print(torch.__version__ + ', ' + bench_common.blas_in_use())",
    ]);
    const description = stdout.trim();
    // Netlib's reference BLAS is 35 times slower: a win over that would be none.
    const problem = description.includes('openblas') ? null : `PyTorch without OpenBLAS (${description}): ${INSTALL}`;
    return { description, problem, run: runPeer };
  } catch {
    return { description: 'none', problem: `no PyTorch: ${INSTALL}`, run: runPeer };
  }
}

async function runPeer({ script, args, figure, notes }: TorchPeer): Promise<Figures> {
  const { stdout } = await python([script, ...args, '--threads', String(availableParallelism()), '--json']);
  const report = JSON.parse(stdout) as TorchReport;
  return { value: figure(report), notes: notes?.(report) };
}

function python(args: readonly string[]): Promise<{ stdout: string }> {
  return run('bash', ['-c', `. ./env.sh && exec ${PYTHON} "$@"`, 'bash', ...args], {
    cwd: PEERS,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1 << 24,
  });
}
