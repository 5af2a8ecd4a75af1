import { Anchor, Autocomplete, Button, Group, NativeSelect, Slider, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { Explained } from '../../components/explained-badge/explained-badge';
import { formatShare } from '../../components/format/format';
import { SEED } from '../../components/number-field/notation';
import { NumberField } from '../../components/number-field/number-field';
import { PriceRange } from '../../components/number-field/price-range';
import { Panel } from '../../components/panel/panel';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { VersionSelect } from '../../components/version-select/version-select';
import { FrequentCategoriesDocument } from '../../graphql/graphql';
import { type Settings, USUAL } from './recommendations-state';

interface SettingsPanelProps {
  readonly title: string;
  readonly settings: Settings;
  readonly onChange: (changes: Partial<Settings>) => void;
}

const SEEN = [
  { value: '', label: 'as usual in this shop' },
  { value: 'keep', label: 'may come again' },
  { value: 'leave', label: 'are left out' },
];

/** Below it the settings stand above the list, and would hide it. */
const NARROW = '(max-width: 62em)';

export function SettingsPanel({ title, settings, onChange }: SettingsPanelProps) {
  const { temperature, seed, beam, cold, seen, min, max } = settings;
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const { isAdmin, isKnown } = useViewer();
  const mayChoose = isAdmin || !isKnown;
  const [isOpened, setIsOpened] = useState(false);
  const isOpen = isOpened || !isNarrow;
  const changed = (Object.keys(USUAL) as (keyof Settings)[]).filter((name) => settings[name] !== USUAL[name]).length;
  const [category, setCategory] = useDebouncedText(settings.category, (text) => onChange({ category: text }));
  const [{ data }] = useFreshQuery({ query: FrequentCategoriesDocument });
  const [steer, setSteer] = useDebouncedText(settings.steer, (text) => onChange({ steer: text }));
  return (
    <Panel
      title={title}
      note={!isOpen && (changed === 0 ? 'as usual' : `${changed} changed`)}
      actions={
        <>
          {changed > 0 && (
            <Anchor component="button" type="button" size="xs" onClick={() => onChange(USUAL)}>
              Reset
            </Anchor>
          )}
          {isNarrow && (
            <Button size="compact-xs" variant="default" aria-expanded={isOpen} onClick={() => setIsOpened(!isOpened)}>
              {isOpen ? 'Hide' : 'Change'}
            </Button>
          )}
        </>
      }
      isFolded={!isOpen}
    >
      <Stack gap="md">
        <VersionSelect
          label="Model version"
          description={mayChoose ? undefined : 'Versions that are not active need a key of role admin'}
          size="xs"
          disabled={!mayChoose && settings.version === ''}
          usual="The active one"
          value={settings.version}
          onChange={(version) => onChange({ version })}
        />
        <SettingSlider
          label="Temperature"
          text={temperature === 0 ? 'beam search' : String(temperature)}
          help="0 is the beam search: the same list each time. Above it items are sampled, more diverse as it grows."
          value={temperature}
          max={2}
          step={0.1}
          onChange={(value) => onChange({ temperature: value })}
        />
        {temperature > 0 && (
          <NumberField
            notation={SEED}
            label="Seed"
            description="The same seed draws the same list"
            size="xs"
            value={seed}
            onChange={(value) => onChange({ seed: value ?? USUAL.seed })}
          />
        )}
        <SettingSlider
          label="Beam width"
          text={beam === 0 ? 'as suits' : String(beam)}
          help="Hypotheses that are kept at each level of the semantic ID."
          value={beam}
          max={200}
          step={5}
          onChange={(value) => onChange({ beam: value })}
        />
        <SettingSlider
          label="Places for cold items"
          text={formatShare(cold)}
          help="Share of the list that is kept for items that the model has not learned yet."
          value={cold}
          max={1}
          step={0.05}
          onChange={(value) => onChange({ cold: value })}
        />
        <TextInput
          label="Wishes"
          description="What the list is moved towards, or away from"
          placeholder="outdoor, no glass"
          size="xs"
          dir="auto"
          value={steer}
          onChange={({ currentTarget }) => setSteer(currentTarget.value)}
        />
        <Autocomplete
          label="Category"
          size="xs"
          data={data?.catalogue.topCategories ?? []}
          limit={100}
          maxDropdownHeight={260}
          value={category}
          onChange={setCategory}
        />
        <PriceRange size="xs" min={min} max={max} onChange={onChange} />
        <NativeSelect
          label="Items that the user has"
          size="xs"
          value={seen}
          onChange={({ currentTarget }) => onChange({ seen: currentTarget.value as Settings['seen'] })}
          data={SEEN}
        />
      </Stack>
    </Panel>
  );
}

interface SettingSliderProps {
  readonly label: string;
  readonly text: string;
  readonly help: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

function SettingSlider({ label, text, help, value, max, step, onChange }: SettingSliderProps) {
  // A key that is held asks for one list, at its end.
  const [shown, setShown] = useDebouncedText(String(value), (text) => onChange(Number(text)));
  const moving = Number(shown);
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Explained label={label} text={help}>
          <Text span size="sm" fw={600}>
            {label}
          </Text>
        </Explained>
        <Text size="xs" c="dimmed" className="numeric">
          {moving === value ? text : moving}
        </Text>
      </Group>
      <Slider
        thumbLabel={label}
        label={null}
        size="sm"
        min={0}
        max={max}
        step={step}
        value={moving}
        onChange={(next) => setShown(String(round(next)))}
      />
    </Stack>
  );
}

/** Steps of a tenth add up to numbers that are none of theirs. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
