import { Group, Pill, Stack, Text } from '@mantine/core';

import type { ItemFilter } from '../../graphql/graphql';
import { PriceRange } from '../number-field/price-range';
import { ItemPicker } from '../pickers/pickers';
import { FacetInputs } from './facet-inputs';
import { OTHER_CONDITIONS } from './filter-text';

const ALL_ITEMS = {};

interface FilterFieldsProps {
  readonly filter: ItemFilter;
  readonly onChange: (filter: ItemFilter) => void;
}

/** Which items: of brands, categories and prices, or single ones. Conditions that it has no field for stay as they are. */
export function FilterFields({ filter, onChange }: FilterFieldsProps) {
  const change = (changes: ItemFilter) => {
    const all = Object.entries({ ...filter, ...changes });
    onChange(
      Object.fromEntries(all.filter(([, value]) => value != null && !(Array.isArray(value) && value.length === 0))),
    );
  };
  const items = filter.externalIds ?? [];
  const others = OTHER_CONDITIONS.filter((name) => filter[name] != null);
  return (
    <Stack gap={6}>
      <Group gap="xs" align="flex-start">
        <FacetInputs
          values={{ brands: filter.brands ?? [], categories: filter.categories ?? [] }}
          among={ALL_ITEMS}
          onChange={({ brands = filter.brands, categories = filter.categories }) =>
            change({ brands: brands && [...brands], categories: categories && [...categories] })
          }
        />
        <PriceRange
          min={filter.minPrice ?? null}
          max={filter.maxPrice ?? null}
          onChange={({ min = filter.minPrice, max = filter.maxPrice }) => change({ minPrice: min, maxPrice: max })}
        />
        <ItemPicker
          label="Single items"
          isLabelHidden
          placeholder="Single items"
          onPick={({ externalId }) => change({ externalIds: [...new Set([...items, externalId])] })}
        />
      </Group>
      {items.length > 0 && (
        <Group gap={4}>
          {items.map((externalId) => (
            <Pill
              key={externalId}
              withRemoveButton
              removeButtonProps={{ 'aria-label': `Take out ${externalId}`, 'aria-hidden': false, tabIndex: 0 }}
              onRemove={() => change({ externalIds: items.filter((other) => other !== externalId) })}
            >
              {externalId}
            </Pill>
          ))}
        </Group>
      )}
      {others.length > 0 && (
        <Text size="xs" c="dimmed">
          It also has conditions of {others.join(', ')}, which only the API changes.
        </Text>
      )}
    </Stack>
  );
}
