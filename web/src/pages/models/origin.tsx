import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { trainingPath } from '../../app/paths';
import { DefinitionList } from '../../components/definition-list/definition-list';
import { formatCount, formatDateTime, formatDuration } from '../../components/format/format';
import type { ModelRowFragment } from '../../graphql/graphql';
import { StatusBadge } from './status-badge';

/** What a version is, and where it came from. */
export function Origin({ model }: { readonly model: ModelRowFragment }) {
  const { status, preset, device, parameterCount, createdAt, trainedBy } = model;
  return (
    <DefinitionList
      entries={[
        ['Status', <StatusBadge key="status" status={status} />],
        ['Preset', preset],
        ['Parameters', formatCount(parameterCount)],
        ['Made', `${formatDateTime(createdAt)} on ${device}`],
        ['Came from', trainedBy == null ? 'an import' : <Job key="job" job={trainedBy} />],
      ]}
    />
  );
}

function Job({
  job: { id, createdAt, startedAt, finishedAt },
}: {
  readonly job: NonNullable<ModelRowFragment['trainedBy']>;
}) {
  const seconds =
    startedAt == null || finishedAt == null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return (
    <>
      <Anchor component={Link} to={trainingPath(id)} size="sm">
        the training of {formatDateTime(createdAt)}
      </Anchor>
      {seconds !== null && `, which took ${formatDuration(seconds)}`}
    </>
  );
}
