/** The pages for people name only what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

import {
  type ArgumentNode,
  buildSchema,
  type DocumentNode,
  Kind,
  type ObjectFieldNode,
  parse,
  validate,
  visit,
} from 'graphql';

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

const schema = buildSchema(read('graphql/schema.graphql'));
/** The IDs that the demo shop has. */
const DEMO = new Set(
  ['items.csv', 'events.csv.gz'].flatMap((name) => {
    const file = readFileSync(join(PACKAGE_ROOT, 'seeds', 'online-retail', name));
    const lines = String(name.endsWith('.gz') ? gunzipSync(file) : file).split('\n');
    return lines.map((line) => line.split(',')[0]);
  }),
);
const operationsOf = (page: string) =>
  [...page.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, text]) => parse(text)).filter(({ definitions }) => definitions[0].kind === Kind.OPERATION_DEFINITION); // prettier-ignore

/** @returns The IDs by which an operation names users and items. */
function namedIn(operation: DocumentNode): string[] {
  const names: string[] = [];
  const note = ({ name, value }: ArgumentNode | ObjectFieldNode) => {
    if (!['externalId', 'externalIds', 'item', 'user'].includes(name.value)) return;
    visit(value, { StringValue: ({ value: text }) => void names.push(text) });
  };
  visit(operation, { Argument: note, ObjectField: note });
  return names;
}

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('has operations that the schema takes, on users and items of the demo shop', () => {
    const operations = operationsOf(text);
    expect(operations.flatMap((operation) => validate(schema, operation))).toEqual([]);
    expect(operations.flatMap(namedIn).filter((name) => !DEMO.has(name))).toEqual([]);
  });

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
