/**
 * Limits how much a subscription keeps for as long as it is open: its message, and its document, which takes a hundred times as much
 * memory.
 */
import type { DocumentNode } from 'graphql';

import { levelsOf } from '../../graphql/common/json-levels';
import { MAX_VARIABLE_DEPTH } from '../../graphql/common/limits';
import { countTokens } from '../api/document-size';
import { PublicError } from '../errors';

/** The longest documents of the console have a tenth of either. */
const MAX_LENGTH = 4_096;
const MAX_TOKENS = 400;
/** The variables are a part of it. */
const MAX_DEPTH = MAX_VARIABLE_DEPTH + 1;

/**
 * @param payload - As the client sent it.
 * @throws {PublicError} `QUERY_TOO_LARGE`.
 */
export function checkSubscriptionSize(payload: object, document: DocumentNode): void {
  if (!isTooDeep(payload) && JSON.stringify(payload).length <= MAX_LENGTH && countTokens(document) <= MAX_TOKENS)
    return;
  throw new PublicError(
    'QUERY_TOO_LARGE',
    `subscription: expected at most ${MAX_LENGTH} characters and ${MAX_TOKENS} words and signs, got more; ask for the rest in queries`,
    400,
  );
}

/** Its `extensions` may be as deep as a message is long, and `JSON.stringify` goes down by recursion. */
function isTooDeep(payload: object): boolean {
  for (const { depth } of levelsOf(payload)) if (depth > MAX_DEPTH) return true;
  return false;
}
