import { Group, Slider, Stack, Text } from '@mantine/core';

import { Explained } from '../../components/explained-badge/explained';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';

interface SettingSliderProps {
  readonly label: string;
  /** The value in words. */
  readonly text: string;
  readonly help: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  /** Called when the slider rests. */
  readonly onChange: (value: number) => void;
}

/** A slider with its name and value above it. */
export function SettingSlider({ label, text, help, value, max, step, onChange }: SettingSliderProps) {
  // A key that is held asks for one list, at its end.
  const [shown, setShown] = useDebouncedText(String(value), (text) => onChange(Number(text)));
  const moving = Number(shown);
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Explained label={label} text={help} width={240}>
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
