import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { announce } from '../../components/change/announce';
import { ChangeDialog } from '../../components/change/dialog';
import { Problems } from '../../components/change/problems';
import { type Problem, useChange } from '../../components/change/use-change';
import { plural, presetName } from '../../components/format/format';
import { readSeed } from '../../components/number-field/notation';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { type PresetName, StartTrainingDocument, TrainingChoicesDocument } from '../../graphql/graphql';

interface StartDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onStarted: (jobId: string) => void;
}

export function StartDialog({ isOpen, onClose, onStarted }: StartDialogProps) {
  const [chosen, setPreset] = useState<PresetName | null>(null);
  const [seed, setSeed] = useState('');
  const [reuseTokenizer, setReuseTokenizer] = useState(false);
  const [activateWhenBetter, setActivateWhenBetter] = useState(true);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { number: seedNumber, fault: seedFault } = readSeed(seed);
  const [{ data }] = useFreshQuery({ query: TrainingChoicesDocument, pause: !isOpen });
  const { presets = [], catalogue } = data ?? {};
  const itemCount = catalogue?.itemCount ?? 0;
  const preset = chosen ?? presets[0]?.name ?? null;
  const { run, isRunning } = useChange(StartTrainingDocument, (data) => data.startTraining);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (seedFault !== null || preset === null) return;
    const input = { preset, seed: seedNumber, reuseTokenizer, activateWhenBetter };
    const { payload, problems } = await run({ input });
    setProblems(problems);
    if (problems.length > 0 || !payload?.job) return;
    onClose();
    announce('The training is requested. It begins as soon as no other runs.');
    onStarted(payload.job.id);
  };

  return (
    <ChangeDialog opened={isOpen} isRunning={isRunning} onClose={onClose} title="Start a training">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Radio.Group label="Preset" value={preset} onChange={(value) => setPreset(value as PresetName)}>
            <Stack gap="xs" mt={6}>
              {presets.map(({ name, purpose, maxItems }) => (
                <Radio
                  key={name}
                  value={name}
                  label={presetName(name)}
                  description={maxItems == null ? purpose : `${purpose}, of at most ${plural(maxItems, 'item')}`}
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
          <Checkbox
            label="Activate it when it is better"
            checked={activateWhenBetter}
            onChange={({ currentTarget }) => setActivateWhenBetter(currentTarget.checked)}
          />
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
    </ChangeDialog>
  );
}
