/** The pages for people name only what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { PUBLIC_CODES } from '../src/errors';
import { PACKAGE_ROOT } from '../src/paths';

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8');

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'bench/peers/README.md'],
  ...readdirSync(join(PACKAGE_ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** A backticked path counts as one of the repository when it begins with one of these. */
const ROOTS = [
  '.ci',
  'bench',
  'docker',
  'docs',
  'examples',
  'graphql',
  'models',
  'packages',
  'prisma',
  'seeds',
  'src',
  'tests',
  'web',
];
const PATH = new RegExp(`^(${ROOTS.map((root) => root.replace('.', '\\.')).join('|')})(/[\\w.-]+)*/?$`);

const withoutCode = (page: string) => page.replace(/^```.*?^```/gms, '');
const linksOf = (page: string) => [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
const pathsOf = (page: string) =>
  [...withoutCode(page).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text).filter((text) => PATH.test(text));
/** Anchors as GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'),
  ); // prettier-ignore

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('links to files and headings that exist', () => {
    const broken = linksOf(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file, anchor] = target.split('#');
        const path = file === '' ? page : relative(PACKAGE_ROOT, join(PACKAGE_ROOT, dirname(page), file));
        if (!existsSync(join(PACKAGE_ROOT, path))) return true;
        return anchor !== undefined && !anchorsOf(read(path)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names paths of the repository that exist', () => {
    expect(pathsOf(text).filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const named = [...text.matchAll(/\bnpm run ([a-z:]+)/g)].map(([, script]) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('names every code that a client can get', () => {
    const named = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(named.sort()).toEqual([...PUBLIC_CODES, 'INTERNAL_SERVER_ERROR'].sort());
  });
});

describe('README.md', () => {
  it('links to every page of docs/', () => {
    const links = linksOf(read('README.md'));
    expect(PAGES.filter((page) => page.startsWith('docs/') && !links.includes(page))).toEqual([]);
  });
});
