import { Autocomplete, type AutocompleteProps } from '@mantine/core';

import { PickCategoriesDocument } from '../../graphql/graphql';
import { useFreshQuery } from '../states/use-fresh-query';

interface CategoryPickerProps extends Pick<
  AutocompleteProps,
  'label' | 'aria-label' | 'placeholder' | 'size' | 'flex' | 'maw'
> {
  readonly value: string;
  readonly onChange: (category: string) => void;
}

/** A category: the most frequent ones to choose from, any other to type. */
export function CategoryPicker(props: CategoryPickerProps) {
  const [{ data }] = useFreshQuery({ query: PickCategoriesDocument });
  return <Autocomplete {...props} data={data?.catalogue.topCategories ?? []} limit={100} maxDropdownHeight={260} />;
}
