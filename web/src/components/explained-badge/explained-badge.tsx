import { Badge } from '@mantine/core';

import { Explained } from './explained';

export interface Explanation {
  readonly label: string;
  readonly text: string;
  readonly color: string;
}

/** A short word with a meaning that it tells: see `Explained`. */
export function ExplainedBadge({ label, text, color }: Explanation) {
  return (
    <Explained label={label} text={text}>
      <Badge variant="light" color={color} tt="none" fw={550} size="sm">
        {label}
      </Badge>
    </Explained>
  );
}
