/** The plots of docs/quality.md, drawn from the output of `tigerql evaluate --json`. Nothing is measured here. */
import { readFile } from 'node:fs/promises';

import type { Experiment } from '../src/experiments/experiment';
import { type Plot, writePlots } from './svg';

/**
 * @param file - The JSON document of an experiment that ran with `--diversity`.
 * @returns The paths of the files.
 */
export async function drawQualityPlots(file: string, dir: string): Promise<string[]> {
  const experiment = JSON.parse(await readFile(file, 'utf8')) as Experiment;
  return writePlots(dir, {
    'validation.svg': validationPlot(experiment),
    'diversity.svg': diversityPlot(experiment),
  });
}

/** Figures of the first seed: each head alone, and both together. */
function validationPlot({ runs: [{ validations }] }: Experiment): Plot {
  const names = validations[0].map(({ name }) => name);
  const series = names.map((name) => ({
    label: labelOf(name),
    points: validations.map((figures, epoch): [number, number] => [
      epoch + 1,
      figures.find((figure) => figure.name === name)!.value,
    ]),
  }));
  return {
    title: 'NDCG@10 on validation, epoch by epoch',
    x: { label: 'epochs', scale: 'linear' },
    y: { label: 'NDCG@10', scale: 'linear' },
    series,
  };
}

function labelOf(name: string): string {
  if (name.includes('decoder')) return 'decoder';
  return name.includes('item-head') ? 'item head' : 'both together';
}

/** One line for the temperature at all levels, then one line for each level alone. */
function diversityPlot({ runs: [{ metrics }] }: Experiment): Plot {
  const figures = metrics.flatMap(({ name, value }) => {
    const found = /^diversity\.(.+?)\.([\d.]+)\.(ndcg|entropy)@10$/.exec(name);
    return found === null ? [] : [{ where: found[1], temperature: Number(found[2]), what: found[3], value }];
  });
  const places = [...new Set(figures.map(({ where }) => where))];
  const series = places.map((where) => ({
    label: where === 'all' ? 'all levels' : where.replace('-', ' '),
    points: figures
      .filter((one) => one.where === where && one.what === 'entropy')
      .sort((a, b) => a.temperature - b.temperature)
      .map(({ temperature, value }): [number, number] => {
        const same = (one: (typeof figures)[number]) => one.where === where && one.temperature === temperature;
        return [value, figures.find((one) => same(one) && one.what === 'ndcg')!.value];
      }),
  }));
  return {
    title: 'Diversity against hits as the temperature rises from 0 to 2',
    x: { label: "entropy of a list's categories, first 10", scale: 'linear' },
    y: { label: 'NDCG@10', scale: 'linear' },
    series,
  };
}
