import { CloseButton, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';

import { Codes } from '../../components/codes/codes';
import { FacetInputs } from '../../components/filter/facet-inputs';
import { Icon } from '../../components/icon/icon';
import { PriceRange } from '../../components/number-field/price-range';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { type ItemListState, selectionOf } from './item-list-state';

interface ItemFiltersProps {
  readonly state: ItemListState;
  readonly onChange: (changes: Partial<ItemListState>) => void;
}

export function ItemFilters({ state, onChange }: ItemFiltersProps) {
  const [q, setQ] = useDebouncedText(state.q, (text) => onChange({ q: text }));
  const among = useMemo(() => selectionOf(state), [state]);
  const [since, setSince] = useDebouncedText(state.since, (text) => onChange({ since: text }));
  return (
    <Group gap="xs" p="sm" role="search" aria-label="Items">
      <TextInput
        aria-label="Search items"
        placeholder="Search items"
        dir="auto"
        leftSection={<Icon name="search" size={16} />}
        value={q}
        onChange={({ currentTarget }) => setQ(currentTarget.value)}
        flex="1 1 180px"
        maw={380}
      />
      <FacetInputs values={state} among={among} onChange={onChange} />
      <PriceRange min={state.min} max={state.max} onChange={onChange} />
      <TextInput
        aria-label="Added since"
        type="date"
        max="9999-12-31"
        value={since}
        onChange={({ currentTarget }) => setSince(currentTarget.value)}
        leftSection="since"
        leftSectionWidth={52}
        leftSectionProps={{ 'aria-hidden': true }}
        fz="sm"
        w={188}
      />
      <SegmentedControl
        aria-label="Which items"
        size="xs"
        data={[
          { value: 'live', label: 'Live' },
          { value: 'available', label: 'Available' },
          { value: 'unavailable', label: 'Not now' },
          { value: 'removed', label: 'Removed' },
        ]}
        value={state.show}
        onChange={(value) => onChange({ show: value as ItemListState['show'] })}
      />
      {state.prefix.length > 0 && <PrefixPill codes={state.prefix} onClear={() => onChange({ prefix: [] })} />}
    </Group>
  );
}

/** The prefix that narrows the table, and the way to drop it. */
function PrefixPill({ codes, onClear }: { readonly codes: readonly number[]; readonly onClear: () => void }) {
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
