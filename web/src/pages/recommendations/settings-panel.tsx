import { Anchor, Button, Group, Stack, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';

import { formatShare } from '../../components/format/format';
import { NumberField } from '../../components/number-field/number-field';
import { PRICE } from '../../components/number-field/price';
import { SEED } from '../../components/number-field/seed';
import { Panel } from '../../components/panel/panel';
import { CategoryPicker } from '../../components/pickers/category-picker';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { type Settings, USUAL } from './recommendations-state';
import { SettingSlider } from './setting-slider';
import { VersionPicker } from './version-picker';

interface SettingsPanelProps {
  readonly title: string;
  readonly settings: Settings;
  readonly onChange: (changes: Partial<Settings>) => void;
}

/** Below it the settings stand above the list, and would hide it. */
const NARROW = '(max-width: 62em)';

/** How a list is made. */
export function SettingsPanel({ title, settings, onChange }: SettingsPanelProps) {
  const { temperature, seed, beam, cold, seen, min, max } = settings;
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const [isOpened, setIsOpened] = useState(false);
  const isOpen = isOpened || !isNarrow;
  const changed = (Object.keys(USUAL) as (keyof Settings)[]).filter((name) => settings[name] !== USUAL[name]).length;
  const [category, setCategory] = useDebouncedText(settings.category, (text) => onChange({ category: text }));
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
        <VersionPicker value={settings.version} onChange={(version) => onChange({ version })} />
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
        <CategoryPicker label="Category" size="xs" value={category} onChange={setCategory} />
        <Group grow align="flex-start" gap="xs">
          <NumberField
            notation={PRICE}
            label="Price from"
            size="xs"
            value={min}
            onChange={(value) => onChange({ min: value })}
          />
          <NumberField
            notation={PRICE}
            label="to"
            size="xs"
            value={max}
            onChange={(value) => onChange({ max: value })}
          />
        </Group>
        <Switch
          label="Items from the history may come again"
          size="sm"
          checked={seen}
          onChange={({ currentTarget }) => onChange({ seen: currentTarget.checked })}
        />
      </Stack>
    </Panel>
  );
}
