/** Decorators that limit arguments. Their messages complete `name: expected …, got …`. */
import { ArrayMaxSize, ArrayMinSize, Length, Max, Min } from 'class-validator';

/** Allows numbers from `low` to `high`, both included. */
export function InRange(low: number, high: number, { each = false } = {}): PropertyDecorator {
  const message = `expected ${each ? 'numbers' : 'a number'} from ${low} to ${high}`;
  return both(Min(low, { message, each }), Max(high, { message, each }));
}

/** Allows strings of `shortest` to `longest` characters. */
export function TextLength(shortest: number, longest: number, { each = false } = {}): PropertyDecorator {
  const message = `expected ${each ? 'texts' : 'a text'} of ${shortest} to ${longest} characters`;
  return Length(shortest, longest, { message, each });
}

/** Allows lists of `fewest` to `most` entries. */
export function ListLength(fewest: number, most: number): PropertyDecorator {
  const message = `expected ${fewest} to ${most} entries`;
  return both(ArrayMinSize(fewest, { message }), ArrayMaxSize(most, { message }));
}

function both(first: PropertyDecorator, second: PropertyDecorator): PropertyDecorator {
  return (target, property) => {
    first(target, property);
    second(target, property);
  };
}
