import { Badge, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

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

interface ExplainedProps {
  readonly label: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** A word whose meaning shows when one points at it, touches it or comes to it by keyboard. */
export function Explained({ label, text, children }: ExplainedProps) {
  return (
    <Tooltip label={text} w={280} events={{ hover: true, focus: true, touch: true }}>
      <Text span tabIndex={0} aria-label={`${label}: ${text}`} role="note">
        {children}
      </Text>
    </Tooltip>
  );
}
