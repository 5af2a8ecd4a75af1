import { Group, type TextInputProps } from '@mantine/core';

import { PRICE } from './notation';
import { NumberField } from './number-field';

interface PriceRangeProps extends Pick<TextInputProps, 'size'> {
  readonly min: number | null;
  readonly max: number | null;
  readonly onChange: (changes: { min?: number | null; max?: number | null }) => void;
}

/** Two prices, of which either may be left out. */
export function PriceRange({ min, max, size, onChange }: PriceRangeProps) {
  return (
    <Group gap={4} align="flex-start" wrap="nowrap">
      <NumberField
        notation={PRICE}
        aria-label="Lowest price"
        placeholder="Price from"
        size={size}
        value={min}
        onChange={(value) => onChange({ min: value })}
        w={100}
      />
      <NumberField
        notation={PRICE}
        aria-label="Highest price"
        placeholder="to"
        size={size}
        value={max}
        onChange={(value) => onChange({ max: value })}
        w={80}
      />
    </Group>
  );
}
