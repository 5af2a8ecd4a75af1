import { Group, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';

import { ItemFacetsDocument, type ItemFacetsQueryVariables } from '../../graphql/graphql';
import { formatCount } from '../format/format';
import { useFreshQuery } from '../states/use-fresh-query';

/** The conditions that take several values of one field, and that items have facets of. */
const FACETS = [
  { name: 'brands', label: 'Brands' },
  { name: 'categories', label: 'Categories' },
] as const;

type FacetName = (typeof FACETS)[number]['name'];

interface FacetInputsProps {
  readonly values: Readonly<Record<FacetName, readonly string[]>>;
  /** The items whose values are offered. */
  readonly among: ItemFacetsQueryVariables;
  readonly onChange: (changes: Partial<Record<FacetName, readonly string[]>>) => void;
}

/** Inputs of several values each. They offer those that the items have, with how many have them; any other can be typed. */
export function FacetInputs({ values, among, onChange }: FacetInputsProps) {
  const [isAsked, setIsAsked] = useState(false);
  const [{ data }] = useFreshQuery({ query: ItemFacetsDocument, variables: among, pause: !isAsked });
  return FACETS.map(({ name, label }) => {
    const counts = new Map(data?.items.facets[name].map(({ value, count }) => [value, count]));
    return (
      <TagsInput
        key={name}
        aria-label={label}
        placeholder={values[name].length === 0 ? label : undefined}
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
        value={[...values[name]]}
        onChange={(chosen) => onChange({ [name]: chosen })}
        splitChars={[]}
        flex="1 1 120px"
        miw={0}
        maw={280}
      />
    );
  });
}
