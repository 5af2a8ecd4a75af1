/** Documents that the operator registered. When there are any, only these and the console's own run. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';

import { ConfigError } from '../config';
import { PublicError } from '../errors';
import { sha256Hex } from '../files/disk';
import { messageOf } from '../message-of';

/** What a request says about its document. */
export interface NamedDocument {
  readonly query?: string | null;
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** `{"<id>": "<text>"}`, as GraphQL Code Generator writes it, or the manifest of Apollo's tools. */
const manifestSchema = z.union([
  z.object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) }).transform(({ operations }) => {
    return operations.map(({ id, body }) => [id, body] as const);
  }),
  z.record(z.string(), z.string()).transform((texts) => Object.entries(texts)),
]);

export class TrustedDocuments {
  private readonly texts = new Map<string, string>();

  /**
   * @param documents - Pairs of id and text. A text is also known by its SHA-256.
   * @param ownDocument - Gives a document of the console by its SHA-256.
   */
  constructor(
    documents: Iterable<readonly [id: string, text: string]>,
    private readonly ownDocument: (sha256: string) => string | undefined = () => undefined,
  ) {
    for (const [id, text] of documents) {
      this.texts.set(id, text);
      this.texts.set(sha256Hex(text), text);
    }
  }

  /** @returns The text that the request names, by hash, by id or in full; null when it is not registered. */
  find(request: NamedDocument): string | null {
    const key = keyOf(request) ?? sha256Hex(request.query ?? '');
    return this.texts.get(key) ?? this.ownDocument(key) ?? null;
  }
}

/**
 * Reads the documents of a folder (`*.graphql`, the id is the file's name) or of a JSON file.
 *
 * @throws {ConfigError} When there are none, or one is not valid.
 */
export function readTrustedDocuments(
  path: string,
  schema: GraphQLSchema,
  ownDocument?: (sha256: string) => string | undefined,
): TrustedDocuments {
  const documents = readDocuments(path);
  if (documents.length === 0) throw mistake('documents', `none in ${path}`);
  for (const [id, text] of documents) {
    const fault = faultOf(text, schema);
    if (fault) throw mistake('valid documents', `${id}: ${fault}`);
  }
  return new TrustedDocuments(documents, ownDocument);
}

/** Whether a request names a document instead of sending one. */
export function isNamed(request: NamedDocument): boolean {
  return keyOf(request) !== null;
}

/**
 * @returns The text to run: the one that the request has, or the registered one that it names.
 * @throws {PublicError} When the document is not registered, or the request names one although none are registered.
 */
export function textOf(request: NamedDocument, trusted: TrustedDocuments | null): string {
  if (trusted === null) {
    if (!isNamed(request) || request.query) return request.query ?? '';
    throw new PublicError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', 400);
  }
  const text = trusted.find(request);
  if (text !== null) return text;
  // With any other status, clients take it for a failure of the network.
  if (isNamed(request)) throw new PublicError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', 200);
  throw new PublicError(
    'UNTRUSTED_DOCUMENT',
    'query: expected a document that this server has registered, got another; register it in TIGERQL_TRUSTED_DOCUMENTS',
    403,
  );
}

function keyOf({ documentId, extensions }: NamedDocument): string | null {
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '');
  const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | null | undefined;
  return typeof persisted?.sha256Hash === 'string' ? persisted.sha256Hash : null;
}

function readDocuments(path: string): (readonly [string, string])[] {
  try {
    if (statSync(path).isDirectory()) {
      const files = readdirSync(path).filter((file) => file.endsWith('.graphql'));
      return files.map((file) => [basename(file, '.graphql'), readFileSync(join(path, file), 'utf8')]);
    }
    return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw mistake('a folder of .graphql files or a JSON file of ids and documents', `${path}: ${String(error)}`);
  }
}

function faultOf(text: string, schema: GraphQLSchema): string | undefined {
  try {
    return validate(schema, parse(text))[0]?.message;
  } catch (error) {
    return messageOf(error);
  }
}

function mistake(expected: string, got: string): ConfigError {
  return new ConfigError(`TIGERQL_TRUSTED_DOCUMENTS: expected ${expected}, got ${got}`);
}
