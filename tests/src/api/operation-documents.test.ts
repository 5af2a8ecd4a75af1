import { buildSchema } from 'graphql';

import { OperationDocuments } from '../../../src/api/operation-documents';

const schema = buildSchema('type Query { shop(ids: [Int]): String }');
const codesOf = ({ errors }: { errors: readonly { extensions: { code?: unknown } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

describe('OperationDocuments', () => {
  it('gives the same document for the same text, so that costs can be remembered by it', () => {
    const documents = new OperationDocuments(schema, 100);
    const first = documents.read('{ shop }');
    expect(first.errors).toEqual([]);
    expect(documents.read('{ shop }').document).toBe(first.document);
    expect(documents.read('{ shop  }').document).not.toBe(first.document);
  });

  it('keeps many short documents, and fewer long ones', () => {
    const documents = new OperationDocuments(schema, 2_000);
    const short = Array.from({ length: 900 }, (_, i) => `{ a${i}: shop }`);
    const long = Array.from({ length: 120 }, (_, i) => `{ b${i}: shop(ids: [${'1 '.repeat(1_900)}]) }`);
    const [firstShort] = short.map((text) => documents.read(text).document);
    expect(documents.read(short[0]).document).toBe(firstShort);
    const [firstLong] = long.map((text) => documents.read(text).document);
    expect(firstLong).not.toBeNull();
    expect(documents.read(long[0]).document).not.toBe(firstLong);
  });

  it('gives the place of a syntax error', () => {
    const { document, errors } = new OperationDocuments(schema, 100).read('{ shop');
    expect(document).toBeNull();
    expect(codesOf({ errors })).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(errors[0].locations).toEqual([{ line: 1, column: 7 }]);
  });

  it('gives every error of an invalid document, each time that it comes', () => {
    const documents = new OperationDocuments(schema, 100);
    for (let time = 1; time <= 2; time++) {
      const { document, errors } = documents.read('{ a b }');
      expect(document).toBeNull();
      expect(codesOf({ errors })).toEqual(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
    }
  });

  it('stops to parse at the limit of tokens', () => {
    // Braces and names are tokens, and so are the start and the end of the text.
    const text = '{ shop shop }';
    const atLimit = new OperationDocuments(schema, 4);
    const belowLimit = new OperationDocuments(schema, 3);
    expect(codesOf(atLimit.read(text))).toEqual([]);
    expect(codesOf(belowLimit.read(text))).toEqual(['QUERY_TOO_LARGE']);
  });
});
