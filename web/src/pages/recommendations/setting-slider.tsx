import { Group, Slider, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

import { Explained } from '../../components/explained-badge/explained';

interface SettingSliderProps {
  readonly label: string;
  /** The value in words. */
  readonly text: string;
  readonly help: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  /** Called when the slider is let go. */
  readonly onChange: (value: number) => void;
}

/** A slider with its name and value above it. */
export function SettingSlider({ label, text, help, value, max, step, onChange }: SettingSliderProps) {
  const [moving, setMoving] = useState(value);
  useEffect(() => setMoving(value), [value]);
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Explained label={label} text={help} width={240}>
          <Text span size="sm" fw={500}>
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
        onChange={(next) => setMoving(round(next))}
        onChangeEnd={(next) => onChange(round(next))}
      />
    </Stack>
  );
}

/** Steps of a tenth add up to numbers that are none of theirs. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
