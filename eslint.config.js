const js = require('@eslint/js');
const globals = require('globals');
const importX = require('eslint-plugin-import-x');
const node = require('eslint-plugin-n');
const reactHooks = require('eslint-plugin-react-hooks');
const tseslint = require('typescript-eslint');

/** The files at the root of src/ that each folder may import, and folders like them. They import none of the other folders. */
const SRC_BASE = ['config.ts', 'errors.ts', 'logger.ts', 'message-of.ts', 'paths.ts', 'without-password.ts'];
const SRC_BASE_FOLDERS = ['files', 'waiting'];

/** What each folder of src/ may import of the others. `commands` may import all. */
const SRC_FOLDERS = {
  storage: [],
  workers: [],
  'semantic-ids': ['storage', 'workers'],
  checkpoints: ['storage'],
  catalogue: ['feedback', 'semantic-ids', 'storage'],
  feedback: ['storage'],
  placements: ['catalogue', 'feedback', 'storage'],
  recommend: ['catalogue', 'placements', 'semantic-ids', 'storage', 'workers'],
  training: ['catalogue', 'checkpoints', 'semantic-ids', 'storage', 'workers'],
  backup: ['checkpoints', 'storage'],
  datasets: ['catalogue', 'semantic-ids', 'storage'],
  experiments: ['datasets', 'training', 'semantic-ids', 'workers'],
  api: ['catalogue', 'placements', 'semantic-ids', 'storage'],
  mcp: [],
  http: ['api', 'mcp'],
  process: ['api', 'catalogue', 'checkpoints', 'http', 'recommend', 'semantic-ids', 'storage', 'training', 'workers'],
};

/** What each folder of models/ may import of the others. */
const MODEL_FOLDERS = {
  math: [],
  compute: ['math'],
  text: ['compute', 'math', 'seq2seq/blocks.ts'],
  'semantic-id': ['compute', 'math', 'text'],
  seq2seq: ['compute', 'data/kinds.ts', 'decoding', 'math', 'semantic-id', 'text/text-space.ts'],
  decoding: ['data/kinds.ts', 'math'],
  data: ['compute', 'math', 'semantic-id', 'seq2seq'],
  checkpoint: ['compute', 'math', 'semantic-id', 'seq2seq', 'text'],
  serving: ['checkpoint', 'compute', 'decoding', 'math', 'semantic-id', 'seq2seq', 'text'],
  evaluation: ['compute', 'data', 'decoding', 'math', 'semantic-id', 'serving', 'text'],
  training: [
    'checkpoint',
    'compute',
    'data',
    'decoding',
    'evaluation',
    'math',
    'semantic-id',
    'seq2seq',
    'serving',
    'text',
  ],
};

/** One zone a folder: of its root it may import itself, the folders that it names, and what all may import. */
const zonesOf = (root, folders, base) =>
  Object.entries(folders).map(([folder, allowed]) => zone(root, [folder], [folder, ...allowed, ...base]));

const zone = (root, names, allowed) => ({
  target: names.map((name) => `./${root}/${name}`),
  from: `./${root}`,
  except: allowed.map((name) => `./${name}`),
});

const zones = [
  { target: './graphql', from: ['./src', './prisma', './seeds', './tests'] },
  { target: './graphql', from: './models', except: ['./config.ts'] },
  { target: './models', from: ['./graphql', './src', './prisma', './seeds', './tests'] },
  { target: './src', from: ['./seeds', './tests', './bench'] },
  { target: './web', from: ['./graphql', './models', './src', './prisma', './seeds', './tests'] },
  {
    target: ['./packages', './examples'],
    from: ['./graphql', './models', './src', './prisma', './seeds', './tests', './web'],
  },
  zone('src', SRC_BASE, SRC_BASE),
  zone('src', SRC_BASE_FOLDERS, [...SRC_BASE_FOLDERS, ...SRC_BASE]),
  ...zonesOf('src', SRC_FOLDERS, [...SRC_BASE_FOLDERS, ...SRC_BASE]),
  ...zonesOf('models', MODEL_FOLDERS, ['config.ts']),
];

/** The modules of models/ that load no tensor engine. The main thread may import only these, besides types. */
const ENGINE_FREE = [
  'checkpoint/(checkpoint|known-items|make-folder|plain-file)',
  'config',
  'compute/device',
  'data/(check-histories|interactions|kinds|log-builder|log-changes)',
  'decoding/cold-items',
  'math/(arrays|counts|day|packed-texts|probability|random|rows)',
  'semantic-id/(codebook-use|collision-token|semantic-ids)',
  'text/(item-text|sentence-encoder|text-space)',
  'training/(fit-input|memory)',
];

const forbidPackages = (...group) => [
  'error',
  { patterns: [{ group, message: 'See CONTRIBUTING.md, "The layout".' }] },
];

module.exports = tseslint.config(
  {
    ignores: [
      'data',
      'coverage',
      'reports',
      '.stryker-tmp',
      'prisma/generated',
      'bench/peers',
      'web/src/graphql',
      '**/dist',
      '**/__generated__',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts,js,mjs}'],
    rules: { 'max-len': ['error', { code: 10_000, comments: 140, ignoreUrls: true }] },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    plugins: { 'import-x': importX, n: node },
    settings: {
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx', '.mts'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'import-x/no-restricted-paths': ['error', { zones, basePath: __dirname }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          alphabetize: { order: 'asc', caseInsensitive: true },
          'newlines-between': 'always',
        },
      ],
      'n/no-process-env': 'error',
    },
  },
  { files: ['tests/**/*.ts'], rules: { 'import-x/no-cycle': 'off' } }, // nothing imports a test
  {
    files: ['graphql/**/*.ts'],
    rules: {
      'no-restricted-imports': forbidPackages('@tensorflow/*', 'onnxruntime-*', '@prisma/*', 'express', '@apollo/*'),
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['models/**/*.ts'],
    ignores: ['models/training/gradients.ts'],
    rules: {
      'no-restricted-imports': forbidPackages(
        '@tensorflow/tfjs', // the core does, but for gradients
        '@prisma/*',
        'graphql',
        'type-graphql',
        'express',
        '@apollo/*',
      ),
    },
  },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-imports': forbidPackages('@tensorflow/*', 'onnxruntime-*') } },
  {
    files: ['src/**/*.ts', 'bench/**/*.ts'],
    ignores: ['src/storage/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^\\$(query|execute)Raw(Unsafe)?$/]',
          message: 'SQL lives in src/storage/ alone: give it a function there.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/workers/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `/models/(?!(${ENGINE_FREE.join('|')})$)`,
              allowTypeImports: true,
              message: 'It may load a tensor engine into the main thread: see ENGINE_FREE in eslint.config.js.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/config.ts', 'prisma.config.ts', 'tests/**/*.ts', 'bench/**/*.ts', 'examples/**/*.{ts,tsx}'],
    rules: { 'n/no-process-env': 'off' },
  },
  {
    files: ['web/src/**/*.{ts,tsx}', 'packages/**/*.tsx', 'examples/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'urql',
              importNames: ['useQuery'],
              message: 'It shows the answer to a former question as if it were this one: take useFreshQuery.',
            },
          ],
        },
      ],
    },
  },
  { files: ['*.config.ts', 'web/*.config.{ts,mts}'], rules: { 'import-x/no-default-export': 'off' } },
);
