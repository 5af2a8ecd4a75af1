const js = require('@eslint/js');
const globals = require('globals');
const importX = require('eslint-plugin-import-x');
const node = require('eslint-plugin-n');
const tseslint = require('typescript-eslint');

/** Folder → what it may not import. graphql/ and models/ know neither each other nor what runs them. */
const zones = [
  { target: './graphql', from: ['./models', './src', './prisma', './seeds', './tests'] },
  { target: './models', from: ['./graphql', './src', './prisma', './seeds', './tests'] },
  {
    target: './models/compute',
    from: ['./models/semantic-id', './models/seq2seq', './models/training', './models/tiger.ts'],
  },
  {
    target: './models/decoding',
    from: ['./models/compute', './models/semantic-id', './models/seq2seq', './models/training', './models/tiger.ts'],
  },
  {
    target: './models/semantic-id',
    from: ['./models/seq2seq', './models/training', './models/decoding', './models/tiger.ts'],
  },
  {
    target: './models/seq2seq',
    from: ['./models/training', './models/decoding', './models/tiger.ts'],
  },
  { target: './models/seq2seq', from: './models/semantic-id', except: ['./semantic-ids.ts'] },
  { target: './src', from: ['./seeds', './tests', './bench'] },
];

const forbidPackages = (...group) => [
  'error',
  { patterns: [{ group, message: 'See CONTRIBUTING.md, "Which room".' }] },
];

module.exports = tseslint.config(
  { ignores: ['dist', 'data', 'coverage', 'prisma/generated', 'bench/peers'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    plugins: { 'import-x': importX, n: node },
    settings: {
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'import-x/no-restricted-paths': ['error', { zones, basePath: __dirname }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'n/no-process-env': 'error',
    },
  },
  {
    files: ['graphql/**/*.ts'],
    rules: {
      'no-restricted-imports': forbidPackages('@tensorflow/*', 'onnxruntime-*', '@prisma/*', 'express', '@apollo/*'),
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['models/**/*.ts'],
    rules: { 'no-restricted-imports': forbidPackages('@prisma/*', 'graphql', 'type-graphql', 'express', '@apollo/*') },
  },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-imports': forbidPackages('@tensorflow/*', 'onnxruntime-*') } },
  {
    files: ['src/config.ts', 'prisma.config.ts', 'tests/**/*.ts', 'bench/**/*.ts'],
    rules: { 'n/no-process-env': 'off' },
  },
  { files: ['*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
);
