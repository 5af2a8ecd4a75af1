import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';

import { PickUsersDocument } from '../../graphql/graphql';
import { Icon } from '../icon/icon';

const WAIT_MS = 200;

interface UserPickerProps {
  readonly value: string;
  readonly onPick: (externalId: string) => void;
}

/** Finds a user by a part of their ID. */
export function UserPicker({ value, onPick }: UserPickerProps) {
  const [text, setText] = useState(value);
  const [settled] = useDebouncedValue(text.trim(), WAIT_MS);
  const searched = settled === value ? '' : settled;
  const [{ data, fetching }] = useQuery({
    query: PickUsersDocument,
    variables: { externalIdContains: searched === '' ? null : searched },
  });
  const found = new Set([
    ...(value === '' ? [] : [value]),
    ...(data?.users.nodes ?? []).map((user) => user.externalId),
  ]);
  return (
    <Select
      label="User"
      placeholder="A part of the user's ID"
      leftSection={<Icon name="search" size={16} />}
      rightSection={<span />}
      searchable
      data={[...found]}
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      value={value === '' ? null : value}
      onChange={(externalId) => externalId !== null && onPick(externalId)}
      nothingFoundMessage={fetching ? 'Searching…' : 'No user has this in their ID.'}
    />
  );
}
