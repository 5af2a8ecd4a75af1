/** Colours that colour-blind people can tell apart too (after Okabe and Ito); they are lighter on a dark page. */
const COLORS = {
  light: ['#b4530a', '#0b62a4', '#107a5a', '#a3387a', '#6b5b00', '#5a4fcf', '#c02626', '#3d6b78'],
  dark: ['#f09a48', '#63b3ed', '#3fc79a', '#e58ac2', '#e0c341', '#a79bff', '#ff8080', '#8fc3d1'],
} as const;

/** @returns The colour of the curve at this place; after the last colour they begin again. */
export function curveColor(index: number, scheme: 'light' | 'dark'): string {
  return COLORS[scheme][index % COLORS[scheme].length];
}
