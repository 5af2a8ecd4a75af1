import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { ReactNode } from 'react';

import { Icon, type IconName } from '../icon/icon';

interface EmptyStateProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly icon?: IconName;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

export function EmptyState({ title, text, icon = 'search', action, children }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <ThemeIcon variant="light" color="gray" size={44} radius="xl">
        <Icon name={icon} size={22} />
      </ThemeIcon>
      <Text fw={600} c="var(--mantine-color-text)">
        {title}
      </Text>
      {text !== undefined && (
        <Text size="sm" c="dimmed" maw={440}>
          {text}
        </Text>
      )}
      {action}
      {children}
    </Stack>
  );
}
