/** What the API page shows, as its address says it. */
import { textOrNull, textValue, type UrlShape } from '../../components/url-state/use-url-state';

export interface ApiState {
  /** Name of the shared document; empty: the one shown first. */
  readonly operation: string;
  /** What was typed instead of the shared document; null: nothing. */
  readonly document: string | null;
  /** Null: those that the shared document needs. */
  readonly variables: string | null;
  /** What is looked for in the schema. */
  readonly find: string;
}

/** Of any length. */
export const API_LONG: readonly string[] = ['document', 'variables'];

export const API_STATE: UrlShape<ApiState> = {
  operation: textValue,
  document: textOrNull,
  variables: textOrNull,
  find: textValue,
};
