/** Types that belong to no noun alone, and the helper that registers enumerations. */
import { ArgsType, ID, InputType, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';

import { TextLength } from './bounds';
import { Field, Nullable } from './field';
import { MAX_ID } from './limits';

/**
 * Registers an enumeration.
 *
 * @param values - The description of each value of the union `T`, so that the compiler finds a value that is missing.
 * @param meanings - What each value stands for inside of the server; absent: itself.
 */
export function enumOf<T extends string>(
  name: string,
  description: string,
  values: Readonly<Record<T, string>>,
  meanings?: Readonly<Record<T, string>>,
) {
  const members = Object.fromEntries(Object.keys(values).map((key) => [key, meanings?.[key as T] ?? key])) as {
    readonly [K in T]: K;
  };
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(values).map(([key, description]) => [key, { description }]),
  ) as Record<T, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

export const UserErrorCode = enumOf('UserErrorCode', 'The kind of a mistake in an input.', {
  NOT_FOUND: 'Nothing has this id.',
  DUPLICATE: 'It exists already, or it is in the input twice.',
  OUT_OF_RANGE: 'A number is outside its range.',
  INVALID: 'The value cannot be used here.',
  TAKEN: 'Another item has this semantic ID.',
  CONFLICT: 'The present state does not allow it, for example because it has changed meanwhile.',
  TOO_MANY: 'The input has more entries than one call may have.',
  NO_LIVE_MODEL: 'No model version is active.',
  NOT_RUNNING: 'It has already ended.',
  UNUSABLE_CHECKPOINT: "The model version's files are missing or damaged.",
});
export type UserErrorCode = keyof typeof UserErrorCode;

@ObjectType({ description: 'A mistake in the input of a mutation.', simpleResolvers: true })
export class UserError {
  @Field(() => UserErrorCode, 'The kind of mistake, for programs.')
  readonly code!: UserErrorCode;

  @Field(() => String, 'The explanation, for people.')
  readonly message!: string;

  @Nullable(() => [String], 'Path into the input, such as `["items", "3", "title"]`.')
  readonly field!: readonly string[] | null;
}

/** The field that every payload has. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class MutationPayload {
  @Field(() => [UserError], 'The mistakes in the input; empty when the call succeeded.')
  readonly userErrors!: readonly UserError[];
}

@InterfaceType({
  description: 'An object that can be fetched by its global ID.',
  resolveType: (value: { __typename: string }) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, 'Global ID, unique among all types.')
  readonly id!: unknown;
}

/** A field of an input with `@oneOf`: the schema lets one of them through, and no null. It is not a type of the schema. */
@InputType()
export abstract class AnyReference {
  @Nullable(() => ID, 'The global ID.')
  @TextLength(1, MAX_ID)
  readonly id?: string;
}

@InputType()
export abstract class Reference extends AnyReference {
  @Nullable(() => String, 'The ID that the shop itself uses.')
  @TextLength(1, MAX_ID)
  readonly externalId?: string;
}

@ArgsType()
export class ExternalIdInput {
  @Field(() => String, 'The ID that the shop itself uses.')
  readonly externalId!: string;
}
