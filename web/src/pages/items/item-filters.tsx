import { CloseButton, Group, SegmentedControl, TagsInput, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';

import { Codes } from '../../components/codes/codes';
import { formatCount } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { PRICE } from '../../components/number-field/notation';
import { NumberField } from '../../components/number-field/number-field';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { ItemFacetsDocument } from '../../graphql/graphql';
import { LIST_FILTERS } from './fields';
import { type ItemListState, selectionOf } from './item-list-state';

interface ItemFiltersProps {
  readonly state: ItemListState;
  readonly onChange: (changes: Partial<ItemListState>) => void;
}

export function ItemFilters({ state, onChange }: ItemFiltersProps) {
  const [q, setQ] = useDebouncedText(state.q, (text) => onChange({ q: text }));
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
      <FacetInputs state={state} onChange={onChange} />
      <Group gap={4} align="flex-start" wrap="nowrap">
        <NumberField
          notation={PRICE}
          aria-label="Lowest price"
          placeholder="Price from"
          value={state.min}
          onChange={(min) => onChange({ min })}
          w={100}
        />
        <NumberField
          notation={PRICE}
          aria-label="Highest price"
          placeholder="to"
          value={state.max}
          onChange={(max) => onChange({ max })}
          w={80}
        />
      </Group>
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

/** Inputs of several values each. They offer those that the items of the list have, with how many have them; any other can be typed. */
function FacetInputs({ state, onChange }: ItemFiltersProps) {
  const [isAsked, setIsAsked] = useState(false);
  const variables = useMemo(() => selectionOf(state), [state]);
  const [{ data }] = useFreshQuery({ query: ItemFacetsDocument, variables, pause: !isAsked });
  return LIST_FILTERS.map(({ name, label }) => {
    const counts = new Map(data?.items.facets[name].map(({ value, count }) => [value, count]));
    return (
      <TagsInput
        key={name}
        aria-label={label}
        placeholder={state[name].length === 0 ? label : undefined}
        data={[...counts.keys()]}
        renderOption={({ option: { value } }) => (
          <Group justify="space-between" wrap="nowrap" flex={1}>
            <bdi>{value}</bdi>
            <Text span size="xs" c="dimmed">
              {formatCount(counts.get(value) ?? 0)}
            </Text>
          </Group>
        )}
        maxDropdownHeight={260}
        onFocus={() => setIsAsked(true)}
        value={[...state[name]]}
        onChange={(values) => onChange({ [name]: values })}
        splitChars={[]}
        flex="1 1 120px"
        miw={0}
        maw={280}
      />
    );
  });
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
