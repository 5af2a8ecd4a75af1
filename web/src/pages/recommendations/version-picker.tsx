import { NativeSelect } from '@mantine/core';

import { useViewer } from '../../app/use-viewer';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { RecommendingVersionsDocument } from '../../graphql/graphql';

interface VersionPickerProps {
  /** The global ID of a version; empty: the active one. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Chooses the model version that makes a list. */
export function VersionPicker({ value, onChange }: VersionPickerProps) {
  const { isAdmin, isKnown } = useViewer();
  const mayChoose = isAdmin || !isKnown;
  const [{ data }] = useRenewedQuery({ query: RecommendingVersionsDocument });
  const versions = (data?.modelVersions.nodes ?? []).map(({ id, number }) => ({
    value: id,
    label: `Version ${number}`,
  }));
  // An address may name a version that is not among the newest, or not there at all: the list says which.
  const isListed = value === '' || versions.some((version) => version.value === value);
  return (
    <NativeSelect
      label="Model version"
      description={mayChoose ? undefined : 'Versions that are not active need a key of role admin'}
      size="xs"
      disabled={!mayChoose && value === ''}
      data={[
        { value: '', label: 'The active one' },
        ...versions,
        ...(isListed ? [] : [{ value, label: 'The version of this address' }]),
      ]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
