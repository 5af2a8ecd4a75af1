import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The brand's orange; shade 8 carries white text at a contrast of 5:1. */
const TIGER: MantineColorsTuple = [
  '#fff6ec',
  '#fde8d2',
  '#f9cfa4',
  '#f5b373',
  '#f09a48',
  '#e8842a',
  '#d97316',
  '#c4610c',
  '#b4530a',
  '#8f4008',
];

/** A grey that leans to the orange, for dark surfaces and the text on them. */
const DARK: MantineColorsTuple = [
  '#e8e6e3',
  '#c9c6c1',
  '#a8a49e',
  '#85817b',
  '#4a4743',
  '#34322f',
  '#262422',
  '#1c1b19',
  '#161513',
  '#100f0e',
];

const GREY: MantineColorsTuple = [
  '#faf9f7',
  '#f3f1ee',
  '#e9e6e1',
  '#dcd8d2',
  '#c5c0b8',
  '#a39d94',
  '#6f6a62',
  '#56524b',
  '#3a3733',
  '#22201d',
];

export const theme = createTheme({
  colors: { tiger: TIGER, dark: DARK, gray: GREY },
  primaryColor: 'tiger',
  primaryShade: 8,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.3' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.25' },
      h2: { fontSize: '1rem', lineHeight: '1.35' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Anchor: { defaultProps: { underline: 'hover' } },
    Button: { defaultProps: { size: 'sm' } },
    Modal: {
      // A dialog that fades would still need what it was about.
      defaultProps: {
        centered: true,
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { duration: 0 },
      },
      styles: { title: { fontWeight: 600 } },
    },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, multiline: true } },
  },
});

/** Every text must be read well: some of Mantine's own colours fall short of a contrast of 4.5:1. */
export const themeVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': colors.gray[6],
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-anchor': colors.tiger[8],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-green-light-color': '#237032',
    '--mantine-color-teal-light-color': '#087052',
    '--mantine-color-yellow-light-color': '#8a4f00',
    '--page-surface': colors.gray[0],
    '--panel-surface': '#ffffff',
    '--panel-border': colors.gray[2],
    '--row-hover': colors.gray[0],
    '--active-surface': colors.tiger[0],
    '--active-text': colors.tiger[9],
  },
  dark: {
    '--mantine-color-body': colors.dark[7],
    '--mantine-color-dimmed': colors.dark[2],
    '--mantine-color-placeholder': colors.dark[2],
    '--mantine-color-anchor': colors.tiger[4],
    '--mantine-color-error': colors.red[5],
    '--page-surface': colors.dark[8],
    '--panel-surface': colors.dark[7],
    '--panel-border': colors.dark[5],
    '--row-hover': colors.dark[6],
    '--active-surface': '#33230f',
    '--active-text': colors.tiger[3],
  },
});

/** @returns What the server wrote into this page and its policy; empty where another program serves the page. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** Colours that colour-blind people can tell apart too (after Okabe and Ito); they are lighter on a dark page. */
const COLORS = {
  light: ['#b4530a', '#0b62a4', '#107a5a', '#a3387a', '#6b5b00', '#5a4fcf', '#c02626', '#3d6b78'],
  dark: ['#f09a48', '#63b3ed', '#3fc79a', '#e58ac2', '#e0c341', '#a79bff', '#ff8080', '#8fc3d1'],
} as const;

/** @returns The colour of the curve at this place; after the last colour they begin again. */
export function curveColor(index: number, scheme: 'light' | 'dark'): string {
  return COLORS[scheme][index % COLORS[scheme].length];
}
