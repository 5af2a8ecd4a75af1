import { Matches } from 'class-validator';

import { MAX_PLACEMENT } from '../common/limits';

/** Allows names of placements, such as `home/top`. They are short, since the ID of a list has one. */
export function PlacementName(): PropertyDecorator {
  return Matches(new RegExp(`^[A-Za-z0-9._/-]{1,${MAX_PLACEMENT}}$`), {
    message: `expected 1 to ${MAX_PLACEMENT} of the characters A–Z, a–z, 0–9, ".", "_", "/" and "-"`,
  });
}
