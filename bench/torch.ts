/** Runs the PyTorch peers of bench/peers with the settings that make them fast. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_ROOT } from '../src/paths';
import type { Figures, TorchPeer, TorchReport } from './claim';

const run = promisify(execFile);

const PEERS = join(PACKAGE_ROOT, 'bench', 'peers');
/** Debian's Python, because the settings are made for it. Another python3 may come first in PATH. */
const PYTHON = '/usr/bin/python3';
const INSTALL = 'apt-get install -y python3-torch python3-numpy libopenblas0-openmp';

export interface TorchRunner {
  /** Version and BLAS, such as `2.6.0+debian, openblas-openmp`. */
  readonly description: string;
  /** Why there is no peer to compare with; null when there is one. */
  readonly problem: string | null;
  run(peer: TorchPeer): Promise<Figures>;
}

/** Looks for PyTorch with a BLAS that is fast enough for a fair comparison. */
export async function findTorch(): Promise<TorchRunner> {
  try {
    const { stdout } = await python([
      '-c',
      "import torch, bench_common; torch.ones(9, 9) @ torch.ones(9, 9); print(torch.__version__ + ', ' + bench_common.blas_in_use())",
    ]);
    const description = stdout.trim();
    // Netlib's reference BLAS is 35 times slower, so a comparison with it would say nothing.
    const problem = description.includes('openblas') ? null : `PyTorch without OpenBLAS (${description}): ${INSTALL}`;
    return { description, problem, run: runPeer };
  } catch {
    return { description: 'none', problem: `no PyTorch: ${INSTALL}`, run: runPeer };
  }
}

async function runPeer({ script, args, threads, figure, notes }: TorchPeer): Promise<Figures> {
  const count = threads === 'one' ? 1 : availableParallelism();
  const { stdout } = await python([script, ...args, '--threads', String(count), '--json']);
  const report = JSON.parse(stdout) as TorchReport;
  const cpu = threads === 'one' ? (report.step_cpu_ms ?? report.call_cpu_ms)?.median : undefined;
  return { value: figure(report), cpu, notes: notes?.(report) };
}

/** Runs a program of bench/peers. @param input - Its standard input. */
export async function python(args: readonly string[], input = ''): Promise<{ stdout: string }> {
  const running = run('bash', ['-c', `. ./env.sh && exec ${PYTHON} "$@"`, 'bash', ...args], {
    cwd: PEERS,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1 << 24,
  });
  running.child.stdin?.end(input);
  return running;
}
