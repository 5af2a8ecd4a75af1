/** Writes plots into a folder, one SVG file each. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { linePlot, type Plot } from './svg';

/**
 * @param dir - Made when it is missing; a file of the same name is replaced.
 * @param plots - File name → plot.
 * @returns The paths of the files.
 */
export async function writePlots(dir: string, plots: Readonly<Record<string, Plot>>): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  for (const [name, plot] of Object.entries(plots)) await writeFile(join(dir, name), linePlot(plot));
  return Object.keys(plots).map((name) => join(dir, name));
}
