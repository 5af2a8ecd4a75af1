import { Badge, Tooltip } from '@mantine/core';

export interface Explanation {
  readonly label: string;
  readonly text: string;
  readonly color: string;
}

/** A short word whose meaning shows when one points at it. */
export function ExplainedBadge({ label, text, color }: Explanation) {
  return (
    <Tooltip label={text} w={260}>
      <Badge variant="light" color={color} tt="none" fw={550} size="sm">
        {label}
      </Badge>
    </Tooltip>
  );
}
