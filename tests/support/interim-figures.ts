/** Long programs print their figures as they go, so that a run that is broken off is not lost. */

const EVERY_MS = 30_000;

/** @returns A function that prints the figures to standard error, if it has not done so for a while. */
export function interimFigures(): (figures: object) => void {
  let last = performance.now();
  return (figures) => {
    if (performance.now() - last < EVERY_MS) return;
    last = performance.now();
    console.error(JSON.stringify({ soFar: figures }));
  };
}

/** Another `SOAK_SEED` makes another run, so that a long one can be made in parts. */
export function soakSeed(): number {
  return Number(process.env.SOAK_SEED ?? 1);
}
