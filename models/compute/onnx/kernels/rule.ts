/** The type of a rule: what one tfjs operation (a "kernel") adds to the graph, and the value that it returns. */
import type { Tracer, Traced } from '../tracer';

/** By tfjs's names. Operations on a list of tensors have the names 0, 1, … in their order. */
export type RuleInputs = Readonly<Record<string, Traced>>;

/** Each rule knows the type of its own attributes, which is tfjs's; the registry only passes them on. */
export type Rule = (tracer: Tracer, inputs: RuleInputs, attributes: never) => Traced | readonly Traced[];

/** By tfjs's kernel name. */
export type Rules = Readonly<Record<string, Rule>>;
