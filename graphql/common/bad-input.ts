/** The one error of an argument that cannot be used. All other faults of a mutation's input are in its `userErrors`. */
import { GraphQLError } from 'graphql';

export interface Complaint {
  /** From the argument down to the value. */
  readonly path: readonly string[];
  /** `path: expected …, got …`, and what to do where that does not say it. */
  readonly message: string;
}

/** @returns `BAD_USER_INPUT`; `extensions.fields` has the paths. */
export function badInput(...complaints: readonly Complaint[]): GraphQLError {
  return new GraphQLError(complaints.map(({ message }) => message).join('; '), {
    extensions: { code: 'BAD_USER_INPUT', fields: complaints.map(({ path }) => path) },
  });
}
