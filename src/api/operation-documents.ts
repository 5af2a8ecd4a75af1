/** Turns the texts of operations into valid documents. It parses and validates each text once. */
import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';

import { asPublicError, PublicError } from '../errors';
import { conditionalSubscription } from './conditional-subscriptions';
import { countTokens } from './document-size';
import { literalErrors } from './input-texts';
import { repetitionFault } from './repeated-fields';
import { type NamedDocument, textOf, type TrustedDocuments } from './trusted-documents';

/** Clients send the same few texts again and again; these are kept, the least used one goes first. */
const MAX_DOCUMENTS = 1_000;
/** The tokens of all kept documents: about 30 MB. A client's document has some hundred, but callers can send longer ones. */
const MAX_KEPT_TOKENS = 200_000;
/** A comment is text without tokens. */
const BYTES_PER_TOKEN = 150;

/** One unknown directive a thousand times must not make a thousand errors. */
const MAX_ERRORS = 5;

/** As graphql-js words it. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

export type ReadDocument =
  | { readonly document: DocumentNode; readonly errors: readonly [] }
  | { readonly document: null; readonly errors: readonly GraphQLError[] };

export class OperationDocuments {
  /** Keeps only valid documents: with invalid ones a caller could push out the documents that clients need. */
  private readonly known = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_KEPT_TOKENS,
    sizeCalculation: (document, text) => countTokens(document) + Math.ceil(text.length / BYTES_PER_TOKEN),
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly maxTokens: number,
    /** The only documents that run; null: all run. */
    private readonly trusted: TrustedDocuments | null = null,
  ) {}

  /** @returns The document that a request has, or names by hash or id; see `textOf`. */
  find(request: NamedDocument): ReadDocument {
    try {
      return this.read(textOf(request, this.trusted));
    } catch (error) {
      return { document: null, errors: [error as PublicError] };
    }
  }

  /** @returns The same document for the same text; the errors of a text that is no valid document. */
  read(text: string): ReadDocument {
    const known = this.known.get(text);
    if (known) return { document: known, errors: [] };
    const { document, errors } = this.parse(text);
    if (document) this.known.set(text, document);
    return document ? { document, errors: [] } : { document, errors };
  }

  private parseFault(error: GraphQLError): PublicError {
    if (!TOO_MANY_TOKENS.test(error.message)) return asPublicError(error, 'GRAPHQL_PARSE_FAILED');
    const advice = 'make several operations of it, or put lists into variables';
    const message = `words: expected at most ${this.maxTokens} words and signs, got more; ${advice}`;
    return new PublicError('QUERY_TOO_LARGE', message, 400);
  }

  private parse(text: string): ReadDocument {
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: this.maxTokens });
    } catch (error) {
      return { document: null, errors: [this.parseFault(error as GraphQLError)] };
    }
    const fault = repetitionFault(document) ?? conditionalSubscription(document);
    if (fault !== null) return { document: null, errors: [fault] };
    const errors = validate(this.schema, document, undefined, { maxErrors: MAX_ERRORS });
    if (errors.length > 0) {
      return { document: null, errors: errors.map((error) => asPublicError(error, 'GRAPHQL_VALIDATION_FAILED')) };
    }
    const wrong = literalErrors(document);
    return wrong.length === 0 ? { document, errors: [] } : { document: null, errors: wrong };
  }
}
