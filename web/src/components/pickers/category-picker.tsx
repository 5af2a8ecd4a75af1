import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { useQuery } from 'urql';

import { PickCategoriesDocument } from '../../graphql/graphql';

interface CategoryPickerProps extends Pick<AutocompleteProps, 'label' | 'aria-label' | 'placeholder' | 'size' | 'w'> {
  readonly value: string;
  readonly onChange: (category: string) => void;
}

/** A category: the most frequent ones to choose from, any other to type. */
export function CategoryPicker(props: CategoryPickerProps) {
  const [{ data }] = useQuery({ query: PickCategoriesDocument });
  return <Autocomplete {...props} data={data?.catalogue.topCategories ?? []} limit={100} maxDropdownHeight={260} />;
}
