import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { modelPath, trainingPath } from '../../app/paths';
import { DefinitionList } from '../../components/definition-list/definition-list';
import { ExplainedBadge, type Explanation } from '../../components/explained-badge/explained-badge';
import { formatCount, formatDateTime, formatDuration, presetName } from '../../components/format/format';
import { aboveStrongestText } from '../../components/quality/quality-figures';
import { notesOf, TrainingNotes } from '../../components/training/training-notes';
import type { ModelRowFragment, ModelStatus } from '../../graphql/graphql';

export function Origin({ model }: { readonly model: ModelRowFragment }) {
  const { status, preset, device, parameterCount, createdAt, trainedBy, parent } = model;
  const notes = trainedBy == null ? [] : notesOf(trainedBy);
  return (
    <DefinitionList
      entries={[
        ['Status', <StatusBadge key="status" status={status} />],
        ['Preset', presetName(preset)],
        ['Parameters', formatCount(parameterCount)],
        ['Made', `${formatDateTime(createdAt)} on ${device}`],
        ['Came from', trainedBy == null ? 'an import' : <Job key="job" job={trainedBy} />],
        [
          'Codebooks',
          trainedBy == null ? undefined : trainedBy.reuseTokenizer ? 'kept from an earlier version' : 'its own',
        ],
        [
          'Active before it',
          parent == null ? (
            'none'
          ) : (
            <Anchor key="parent" component={Link} to={modelPath(parent.number)} size="sm">
              version {parent.number}
            </Anchor>
          ),
        ],
        ['Beside simple methods', aboveStrongestText(model)],
        ['Worth knowing', notes.length === 0 ? undefined : <TrainingNotes key="notes" notes={notes} />],
      ]}
    />
  );
}

type TrainingJob = NonNullable<ModelRowFragment['trainedBy']>;

function Job({ job: { id, seed, createdAt, startedAt, finishedAt } }: { readonly job: TrainingJob }) {
  const seconds =
    startedAt == null || finishedAt == null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return (
    <>
      <Anchor component={Link} to={trainingPath(id)} size="sm">
        the training of {formatDateTime(createdAt)}
      </Anchor>
      {` with seed ${seed}`}
      {seconds !== null && `, which took ${formatDuration(seconds)}`}
    </>
  );
}

const STATUSES: Readonly<Record<ModelStatus, Explanation>> = {
  ACTIVE: { label: 'Active', text: 'It makes the recommendations.', color: 'tiger' },
  RETIRED: { label: 'Former', text: 'It was active before and can be activated again.', color: 'gray' },
  TRAINED: { label: 'Ready', text: 'It has not been active yet and can be activated.', color: 'indigo' },
  REJECTED: {
    label: 'Not better',
    text: 'It was clearly worse than the version that was active when its training ended, or not clearly better where that was asked for. It can be activated all the same.',
    color: 'gray',
  },
};

export function StatusBadge({ status }: { readonly status: ModelStatus }) {
  return <ExplainedBadge {...STATUSES[status]} />;
}
