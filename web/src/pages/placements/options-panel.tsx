import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';

import { FilterFields } from '../../components/filter/filter-fields';
import { Panel } from '../../components/panel/panel';
import { VersionSelect } from '../../components/version-select/version-select';
import type { PlacementOptionsInput } from '../../graphql/graphql';
import type { Draft } from './draft';

interface OptionsPanelProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
}

const FALLBACKS = [
  { value: '', label: 'trending, as usual' },
  { value: 'TRENDING', label: 'trending items' },
  { value: 'POPULAR', label: 'popular items' },
  { value: 'NOTHING', label: 'nothing' },
];
const WINDOWS = [
  { value: '', label: 'a week, as usual' },
  { value: 'DAY', label: 'a day' },
  { value: 'WEEK', label: 'a week' },
  { value: 'MONTH', label: 'a month' },
];
const UNSAID = { value: '', label: 'as requests say' };

/** How the lists of a placement are made. What is not said is as requests say; they may narrow the rest. */
export function OptionsPanel({ draft, onChange }: OptionsPanelProps) {
  const { title, fallback, window, modelVersion, options } = draft;
  const set = (changes: PlacementOptionsInput) => {
    const all = Object.entries({ ...options, ...changes });
    onChange({ options: Object.fromEntries(all.filter(([, value]) => value != null)) as PlacementOptionsInput });
  };
  return (
    <Panel title="How its lists are made">
      <Stack gap="sm">
        <TextInput
          label="Title"
          description="What people call it"
          value={title}
          onChange={({ currentTarget }) => onChange({ title: currentTarget.value })}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Only such items
          </Text>
          <FilterFields
            filter={options.filter ?? {}}
            onChange={(filter) => set({ filter: Object.keys(filter).length === 0 ? null : filter })}
          />
        </div>
        <Group grow align="flex-start">
          <VersionSelect
            label="Model"
            usual="The active one"
            value={modelVersion}
            onChange={(version) => onChange({ modelVersion: version })}
          />
          <NativeSelect
            label="Filled up with"
            data={FALLBACKS}
            value={fallback}
            onChange={({ currentTarget }) => onChange({ fallback: currentTarget.value as Draft['fallback'] })}
          />
          <NativeSelect
            label="Trending of"
            data={WINDOWS}
            value={window}
            onChange={({ currentTarget }) => onChange({ window: currentTarget.value as Draft['window'] })}
          />
        </Group>
        <Group grow align="flex-start">
          <NativeSelect
            label="Items that the user has"
            data={[UNSAID, { value: 'true', label: 'may come again' }, { value: 'false', label: 'are left out' }]}
            value={options.includeSeen == null ? '' : String(options.includeSeen)}
            onChange={({ currentTarget: { value } }) => set({ includeSeen: value === '' ? null : value === 'true' })}
          />
          <NativeSelect
            label="Items of one group"
            data={[UNSAID, { value: 'true', label: 'one in a list' }, { value: 'false', label: 'each by itself' }]}
            value={options.oncePerGroup == null ? '' : String(options.oncePerGroup)}
            onChange={({ currentTarget: { value } }) => set({ oncePerGroup: value === '' ? null : value === 'true' })}
          />
        </Group>
        <Group grow align="flex-start">
          <OptionNumber
            label="Temperature"
            value={options.temperature}
            onChange={(temperature) => set({ temperature })}
          />
          <OptionNumber label="Beam width" value={options.beamWidth} onChange={(beamWidth) => set({ beamWidth })} />
          <OptionNumber
            label="Places for cold items, 0–1"
            value={options.coldStartShare}
            onChange={(coldStartShare) => set({ coldStartShare })}
          />
        </Group>
      </Stack>
    </Panel>
  );
}

interface OptionNumberProps {
  readonly label: string;
  readonly value: number | null | undefined;
  readonly onChange: (value: number | null) => void;
}

function OptionNumber({ label, value, onChange }: OptionNumberProps) {
  return (
    <TextInput
      label={label}
      type="number"
      step="any"
      placeholder="as requests say"
      value={value ?? ''}
      onChange={({ currentTarget: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? null : valueAsNumber)}
    />
  );
}
