/**
 * Limits how much a subscription keeps for as long as it is open: its message, and its document, which takes a hundred times as much
 * memory.
 */
import type { DocumentNode } from 'graphql';

import { countTokens } from '../api/document-size';
import { PublicError } from '../errors';

/** The longest documents of the console have a tenth of either. */
const MAX_LENGTH = 4_096;
const MAX_TOKENS = 400;

/**
 * @param payload - As the client sent it.
 * @throws {PublicError} `QUERY_TOO_LARGE`.
 */
export function checkSubscriptionSize(payload: object, document: DocumentNode): void {
  if (JSON.stringify(payload).length <= MAX_LENGTH && countTokens(document) <= MAX_TOKENS) return;
  throw new PublicError(
    'QUERY_TOO_LARGE',
    `subscription: expected at most ${MAX_LENGTH} characters and ${MAX_TOKENS} words and signs, got more; ask for the rest in queries`,
    400,
  );
}
