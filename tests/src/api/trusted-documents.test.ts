import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSchema } from 'graphql';

import { readTrustedDocuments } from '../../../src/api/trusted-documents';

const schema = buildSchema('type Query { shop: String }');
const folder = mkdtempSync(join(tmpdir(), 'tigerql-trusted-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('readTrustedDocuments', () => {
  it('reads what GraphQL Code Generator and what the tools of Apollo write', () => {
    const generated = file('generated.json', { abc: '{ shop }' });
    const manifest = file('manifest.json', {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'abc', name: 'Shop', type: 'query', body: '{ shop }' }],
    });
    for (const path of [generated, manifest]) {
      const trusted = readTrustedDocuments(path, schema);
      expect(trusted.find({ documentId: 'abc' })).toBe('{ shop }');
      expect(trusted.find({ query: '{ shop }' })).toBe('{ shop }');
      expect(trusted.find({ documentId: 'abd' })).toBeNull();
    }
  });

  it('runs the documents of the console too, and no others', () => {
    const own = '{ shop __typename }';
    const hash = createHash('sha256').update(own).digest('hex');
    const trusted = readTrustedDocuments(file('one.json', { abc: '{ shop }' }), schema, (sha256) =>
      sha256 === hash ? own : undefined,
    );
    expect(trusted.find({ query: own })).toBe(own);
    expect(trusted.find({ query: '', extensions: { persistedQuery: { sha256Hash: hash } } })).toBe(own);
    expect(trusted.find({ query: '{ shop __typename } ' })).toBeNull();
  });

  it.each<[string, string, string]>([
    ['a file that is not there', join(folder, 'nothing.json'), 'expected a folder of .graphql files or a JSON file'],
    ['a file that is no JSON', file('text.json', 'text'), 'expected a folder of .graphql files or a JSON file'],
    ['an empty file', file('empty.json', {}), 'expected documents, got none'],
    ['an unknown field', file('field.json', { x: '{ shops }' }), 'got x: Cannot query field "shops" on type "Query".'],
    ['a syntax error', file('syntax.json', { x: '{ shop' }), 'expected valid documents, got x: Syntax Error'],
  ])('refuses %s', (_what, path, message) => {
    expect(() => readTrustedDocuments(path, schema)).toThrow(message);
  });
});
