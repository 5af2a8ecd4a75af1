/** The type of a kernel rule, which makes graph nodes from one tfjs operation. */
import type { Tracer, Traced } from '../tracer';

/** By tfjs's names. Operations on a list of tensors have the names 0, 1, … in their order. */
export type RuleInputs = Readonly<Record<string, Traced>>;

/** Each rule knows the type of its own attributes, which is tfjs's; the registry only hands them through. */
export type Rule = (tracer: Tracer, inputs: RuleInputs, attributes: never) => Traced | readonly Traced[];

/** By tfjs's kernel name. */
export type Rules = Readonly<Record<string, Rule>>;
