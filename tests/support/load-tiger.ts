/** Opens the checkpoint in a folder. The server does it in two steps: it reads a checkpoint once for several threads. */
import { loadCheckpoint } from '../../models/checkpoint/checkpoint';
import type { Device } from '../../models/compute/device';
import { openTiger } from '../../models/serving/open-tiger';
import type { Tiger } from '../../models/serving/tiger-model';

export async function loadTiger(dir: string, device: Device, load = loadCheckpoint): Promise<Tiger> {
  return openTiger(await load(dir), dir, { device });
}
