import { Select } from '@mantine/core';
import { useState } from 'react';

import { PickUserByIdDocument, PickUsersDocument } from '../../graphql/graphql';
import { Icon } from '../icon/icon';
import { useFreshQuery } from '../states/use-fresh-query';
import { offers, useSearch } from './use-search';

interface UserPickerProps {
  readonly value: string;
  readonly onPick: (externalId: string) => void;
}

/** Finds a user by a part of their ID. */
export function UserPicker({ value, onPick }: UserPickerProps) {
  const [text, setText] = useState(value);
  const search = useSearch(text, value);
  const { searched } = search;
  const [byPart] = useFreshQuery({
    query: PickUsersDocument,
    variables: { externalIdContains: searched === '' ? null : searched },
  });
  const [byId] = useFreshQuery({
    query: PickUserByIdDocument,
    variables: { externalId: searched },
    pause: searched === '',
  });
  const exact = searched === '' ? [] : [byId.data?.user];
  const found = [...exact, ...(byPart.data?.users.nodes ?? [])].flatMap((user) => (user ? [user.externalId] : []));
  return (
    <Select
      label="User"
      placeholder="A part of the user's ID"
      leftSection={<Icon name="search" size={16} />}
      rightSection={<span />}
      searchable
      data={[...new Set([...(value === '' ? [] : [value]), ...found])]}
      {...offers(search, [byPart, byId], 'No user has this in their ID.')}
      searchValue={text}
      onSearchChange={setText}
      value={value === '' ? null : value}
      onChange={(externalId) => externalId !== null && onPick(externalId)}
    />
  );
}
