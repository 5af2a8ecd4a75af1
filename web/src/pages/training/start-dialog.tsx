import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { announce } from '../../components/change/announce';
import { Dialog } from '../../components/change/dialog';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { plural, presetName } from '../../components/format/format';
import { readSeed } from '../../components/number-field/notation';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { type PresetName, StartTrainingDocument, TrainingChoicesDocument } from '../../graphql/graphql';

/** The fate of the version, decided by NDCG@10 on held-out purchases. */
const ACTIVATIONS = {
  unlessWorse: {
    label: 'Activate it unless it is clearly worse',
    description: 'It knows the newest items and purchases, so it goes live also where its figure is a little lower.',
    input: { activateWhenBetter: true },
  },
  onlyBetter: {
    label: 'Activate it only if it is clearly better',
    description:
      'Its whole 95 % interval is above the figure of the active version. Otherwise a note here says why not.',
    input: { activateWhenBetter: true, onlyWhenClearlyBetter: true },
  },
  never: {
    label: 'Do not activate it',
    description: 'You activate it on the page of the models.',
    input: { activateWhenBetter: false },
  },
} as const;

interface StartDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onStarted: (jobId: string) => void;
}

export function StartDialog({ isOpen, onClose, onStarted }: StartDialogProps) {
  const [chosen, setPreset] = useState<PresetName | null>(null);
  const [seed, setSeed] = useState('');
  const [reuseTokenizer, setReuseTokenizer] = useState(false);
  const [activation, setActivation] = useState<keyof typeof ACTIVATIONS>('unlessWorse');
  const { number: seedNumber, fault: seedFault } = readSeed(seed);
  const [{ data }] = useFreshQuery({ query: TrainingChoicesDocument, pause: !isOpen });
  const { presets = [], catalogue } = data ?? {};
  const itemCount = catalogue?.itemCount ?? 0;
  const preset = chosen ?? presets[0]?.name ?? null;
  const { run, isRunning, problems } = useChange(StartTrainingDocument, (data) => data.startTraining);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (seedFault !== null || preset === null) return;
    const input = { preset, seed: seedNumber, reuseTokenizer, ...ACTIVATIONS[activation].input };
    const { payload, problems } = await run({ input });
    if (problems.length > 0 || !payload?.job) return;
    onClose();
    announce('The training is requested. It begins as soon as no other runs.');
    onStarted(payload.job.id);
  };

  return (
    <Dialog opened={isOpen} isRunning={isRunning} onClose={onClose} title="Start a training">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Radio.Group label="Preset" value={preset} onChange={(value) => setPreset(value as PresetName)}>
            <Stack gap="xs" mt={6}>
              {presets.map(({ name, purpose, maxItems }) => (
                <Radio
                  key={name}
                  value={name}
                  label={presetName(name)}
                  description={maxItems == null ? purpose : `${purpose} At most ${plural(maxItems, 'item')}.`}
                  disabled={maxItems != null && itemCount > maxItems}
                />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label="Seed"
            description="The same seed, data and device give the same model. Empty: the server’s own."
            inputMode="numeric"
            autoComplete="off"
            value={seed}
            error={seedFault}
            onChange={({ currentTarget }) => setSeed(currentTarget.value)}
          />
          <Checkbox
            label="Keep the codebooks"
            description="All items keep their semantic IDs; only the sequence model is trained anew."
            checked={reuseTokenizer}
            onChange={({ currentTarget }) => setReuseTokenizer(currentTarget.checked)}
          />
          <Radio.Group
            label="When it is trained"
            value={activation}
            onChange={(value) => setActivation(value as typeof activation)}
          >
            <Stack gap="xs" mt={6}>
              {Object.entries(ACTIVATIONS).map(([value, { label, description }]) => (
                <Radio key={value} {...{ value, label, description }} />
              ))}
            </Stack>
          </Radio.Group>
          <Problems problems={problems} />
          <Group justify="flex-end">
            <Button variant="default" disabled={isRunning} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isRunning} disabled={preset === null}>
              Start
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
