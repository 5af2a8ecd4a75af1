import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

import classes from './panel.module.css';

interface PanelProps {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** Whether the content goes to the panel's edge, as tables do. */
  readonly isFlush?: boolean;
  readonly isFolded?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, note, actions, isFlush = false, isFolded = false, children }: PanelProps) {
  const titleId = useId();
  return (
    <section
      className={classes.panel}
      data-folded={isFolded || undefined}
      aria-labelledby={title === undefined ? undefined : titleId}
    >
      {title !== undefined && (
        <Group justify="space-between" gap="xs" className={classes.head}>
          <Group gap={8} align="baseline">
            <Title order={2} id={titleId}>
              {title}
            </Title>
            {note !== undefined && note !== false && (
              <Text component="span" size="xs" c="dimmed">
                {note}
              </Text>
            )}
          </Group>
          {actions !== undefined && <Group gap="sm">{actions}</Group>}
        </Group>
      )}
      <div className={isFlush ? classes.flush : classes.body} hidden={isFolded}>
        {children}
      </div>
    </section>
  );
}
