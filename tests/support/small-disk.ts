/** Small disks of one's own, which a program can fill or break. They need a user who may mount. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** @returns Why no disk can be mounted in the folder; null when one can. */
export function whyNoDisk(dir: string): string | null {
  try {
    mountMemory(dir, '1m');
    unmount(dir);
    return null;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** @returns Whether disks can be mounted; says why not where they cannot. */
export function canMountDisks(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-disk-'));
  const why = whyNoDisk(dir);
  rmSync(dir, { recursive: true });
  if (why !== null) console.log(`Nothing is tried on a full disk: ${why}`);
  return why === null;
}

/** Does the work in a folder that is a disk of this size, such as `48m`, in memory. */
export async function onDisk(dir: string, size: string, work: (dir: string) => Promise<void>): Promise<void> {
  mountMemory(dir, size);
  try {
    await work(dir);
  } finally {
    unmount(dir);
  }
}

/** Takes all the room that the disk has left. @param path - Of the file that takes it. */
export function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      const chunk = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(file, chunk);
      } catch {
        // It is full for chunks of this size.
      }
    }
  } finally {
    closeSync(file);
  }
}

/** A disk in a file. */
export interface BreakableDisk {
  readonly dir: string;
  /** The disk meets a fault and turns read-only under those who write, as Linux does it. */
  breakDown(): void;
  /** Unmounts it, checks it and mounts it anew, as an operator would. */
  repair(): void;
  /** @returns Another disk, which holds what this one would after a power cut now. */
  afterPowerCut(): BreakableDisk;
  dispose(): void;
}

/** @param dir - A folder for the disk's file. @returns Why none can be mounted there; null when one can. */
export function whyNoBreakableDisk(dir: string): string | null {
  try {
    openBreakableDisk(join(dir, 'trial.img'), join(dir, 'trial'), 8 * 2 ** 20).dispose();
    return null;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** @param image - Path of the file. */
export function openBreakableDisk(image: string, dir: string, sizeBytes: number): BreakableDisk {
  writeFileSync(image, '');
  truncateSync(image, sizeBytes);
  run('mkfs.ext4', '-q', '-F', image);
  return mountImage(image, dir);
}

function mountImage(image: string, dir: string): BreakableDisk {
  mkdirSync(dir, { recursive: true });
  const mountIt = () => mount('-o', 'loop,errors=remount-ro', image, dir);
  mountIt();
  return {
    dir,
    breakDown() {
      const device = basename(run('findmnt', '-no', 'SOURCE', dir).trim());
      writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'a fault of the test');
    },
    repair() {
      run('umount', dir);
      try {
        run('fsck.ext4', '-p', '-f', image);
      } catch (error) {
        if ((error as { status?: number }).status !== 1) throw error; // 1: it was mended
      }
      mountIt();
    },
    afterPowerCut() {
      copyFileSync(image, `${image}.cut`);
      return mountImage(`${image}.cut`, `${dir}-cut`);
    },
    dispose() {
      unmount(dir);
      rmSync(image);
    },
  };
}

function mountMemory(dir: string, size: string): void {
  mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir);
}

function unmount(dir: string): void {
  run('umount', '--lazy', dir);
}

function mount(...args: string[]): void {
  run('mount', ...args);
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { stdio: 'pipe', encoding: 'utf8' });
}
