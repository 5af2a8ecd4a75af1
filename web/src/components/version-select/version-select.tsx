import { NativeSelect, type NativeSelectProps } from '@mantine/core';

import { VersionsDocument } from '../../graphql/graphql';
import { useRenewedQuery } from '../states/use-renewal';

interface VersionSelectProps extends Pick<NativeSelectProps, 'label' | 'description' | 'size' | 'disabled'> {
  /** The global ID of a model version; empty: the usual one. */
  readonly value: string;
  /** Names that one. */
  readonly usual: string;
  readonly onChange: (version: string) => void;
}

/** A model version to choose. */
export function VersionSelect({ value, usual, onChange, ...rest }: VersionSelectProps) {
  const [{ data }] = useRenewedQuery({ query: VersionsDocument });
  const versions = (data?.modelVersions.nodes ?? []).map(({ id, number }) => ({
    value: id,
    label: `Version ${number}`,
  }));
  // An address may name a version that is not among the newest, or not there at all: the list says which.
  const isListed = value === '' || versions.some((version) => version.value === value);
  return (
    <NativeSelect
      {...rest}
      data={[{ value: '', label: usual }, ...versions, ...(isListed ? [] : [{ value, label: 'An older version' }])]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
