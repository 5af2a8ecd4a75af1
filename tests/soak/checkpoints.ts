/** Damages checkpoints in every way that we could think of. Each damage is refused with a `CheckpointError`, or changes nothing. */
import { execFileSync } from 'node:child_process';
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { type Checkpoint, CheckpointError, loadCheckpoint } from '../../models/checkpoint/checkpoint';
import { openDevice } from '../../models/compute/backends';
import type { Device } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { createRandom } from '../../models/math/random';
import { interimFigures, soakSeed } from '../support/interim-figures';
import { fitLittle } from '../support/little-training';
import { loadTiger } from '../support/load-tiger';

/** A load that takes longer than this hangs. */
const MAX_LOAD_MS = 10_000;

interface Scene {
  readonly dir: string;
  /** Another version's checkpoint. */
  readonly other: string;
  readonly names: readonly string[];
  /** @returns A whole number, 0 … below - 1. */
  below(end: number): number;
}

const pick = ({ names, below }: Scene) => names[below(names.length)];

/** Each puts something else in place of one file, or of the whole folder. */
const DAMAGES: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  'bit flip': async (scene) => {
    const path = join(scene.dir, pick(scene));
    const bytes = await readFile(path);
    bytes[scene.below(bytes.length)] ^= 1 << scene.below(8);
    await writeFile(path, bytes);
  },
  truncation: async (scene) => {
    const path = join(scene.dir, pick(scene));
    await truncate(path, scene.below((await lstat(path)).size));
  },
  growth: async (scene) => {
    const path = join(scene.dir, pick(scene));
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from(' '.repeat(1 + scene.below(9)))]));
  },
  removal: (scene) => rm(join(scene.dir, pick(scene))),
  "another version's file": async (scene) => {
    const name = pick(scene);
    await cp(join(scene.other, name), join(scene.dir, name));
  },
  "another file's name": async (scene) => {
    const [a, b] = [pick(scene), pick(scene)];
    await rename(join(scene.dir, a), join(scene.dir, 'aside'));
    if (a !== b) await rename(join(scene.dir, b), join(scene.dir, a));
    await rename(join(scene.dir, 'aside'), join(scene.dir, b));
  },
  'a line less in the manifest': async ({ dir, below }) => {
    const path = join(dir, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: Record<string, string> };
    const names = Object.keys(manifest.files);
    delete manifest.files[names[below(names.length)]];
    await writeFile(path, JSON.stringify(manifest));
  },
  'a link to the file': (scene) => replaceBy(scene, (path, name) => symlink(join(scene.other, name), path)),
  'a link to /dev/zero': (scene) => replaceBy(scene, (path) => symlink('/dev/zero', path)),
  'a link to itself': (scene) => replaceBy(scene, (path) => symlink(path, path)),
  'a pipe': (scene) => replaceBy(scene, async (path) => void execFileSync('mkfifo', [path])),
  'a folder': (scene) => replaceBy(scene, (path) => mkdir(path)),
};

async function replaceBy(scene: Scene, make: (path: string, name: string) => Promise<unknown>): Promise<void> {
  const name = pick(scene);
  await rm(join(scene.dir, name));
  await make(join(scene.dir, name), name);
}

export async function run(count: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'tigerql-soak-'));
  const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  try {
    console.log(JSON.stringify({ soak: 'checkpoints', ...(await damageAll(root, device, count)) }));
  } finally {
    device.dispose();
    await rm(root, { recursive: true });
  }
}

async function damageAll(root: string, device: Device, count: number) {
  const [whole, other] = [
    await trained(join(root, 'jobs', `1-${'a'.repeat(32)}`), 1, device),
    await trained(join(root, 'jobs', `2-${'b'.repeat(32)}`), 2, device),
  ];
  const wanted = await loadCheckpoint(whole);
  const random = createRandom(6 + soakSeed());
  const tell = interimFigures();
  const counts = { damages: 0, refused: 0, harmless: 0, slowestMs: 0 };
  // In the place of the first, since a checkpoint is bound to the name of its job's folder.
  const pristine = join(root, 'pristine');
  await cp(whole, pristine, { recursive: true });
  for (const scene = { dir: whole, other, names: await readdir(whole), below: (end: number) => random.int(end) }; ;) {
    if (counts.damages === count) return { ...counts, slowestMs: Math.round(counts.slowestMs) };
    const [name, damage] = Object.entries(DAMAGES)[counts.damages % Object.keys(DAMAGES).length];
    await damage(scene);
    const start = performance.now();
    const isRefused = await inTime(refuses(scene.dir, wanted, device), name);
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - start);
    counts.damages++;
    counts[isRefused ? 'refused' : 'harmless']++;
    tell(counts);
    await rm(scene.dir, { recursive: true });
    await cp(pristine, scene.dir, { recursive: true });
  }
}

/** @returns The folder of a little model's checkpoint. */
async function trained(jobDir: string, seed: number, device: Device): Promise<string> {
  return (await fitLittle(device, jobDir, { config: presetConfig('tiny', { seed }) })).checkpointDir;
}

/** @returns False when it loads as it was. @throws {Error} When it loads as something else, or fails in another way. */
async function refuses(dir: string, wanted: Checkpoint, device: Device): Promise<boolean> {
  try {
    if (isDeepStrictEqual(await loadCheckpoint(dir), wanted)) return false;
    (await loadTiger(dir, device)).disposeWhenIdle();
  } catch (error) {
    if (error instanceof CheckpointError) return true;
    throw error;
  }
  throw new Error(`${dir}: expected a CheckpointError, got another model`);
}

async function inTime<T>(work: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: expected a load within ${MAX_LOAD_MS} ms`)), MAX_LOAD_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
