import { CloseButton, Group, Text } from '@mantine/core';

import { Codes } from '../../components/codes/codes';

/** The prefix that narrows the table, and the way to drop it. */
export function PrefixPill({ codes, onClear }: { readonly codes: readonly number[]; readonly onClear: () => void }) {
  return (
    <Group gap={6}>
      <Text size="xs" c="dimmed">
        Semantic ID begins with
      </Text>
      <Codes codes={codes} />
      <CloseButton size="sm" aria-label="Drop the prefix" onClick={onClear} />
    </Group>
  );
}
