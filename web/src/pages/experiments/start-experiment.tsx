import { Autocomplete, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { announce } from '../../components/change/announce';
import { FormDialog } from '../../components/change/form-dialog';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { sumOf } from '../../components/earnings/earnings';
import { Icon } from '../../components/icon/icon';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { VersionSelect } from '../../components/version-select/version-select';
import {
  ExperimentChoicesDocument,
  type ExperimentChoicesQuery,
  type ExperimentMetric,
  StartExperimentDocument,
} from '../../graphql/graphql';
import { METRICS } from './verdict';

interface StartExperimentProps {
  readonly isOpen: boolean;
  /** Empty: the one of most lists. */
  readonly placement: string;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

interface DraftArm {
  readonly name: string;
  readonly percent: string;
  /** The global ID of a model version; empty: the active one. */
  readonly version: string;
  /** The number of a state of the placement; empty: the newest. */
  readonly state: string;
}

const ARMS: readonly DraftArm[] = [
  { name: 'A', percent: '50', version: '', state: '' },
  { name: 'B', percent: '50', version: '', state: '' },
];
const MOST_ARMS = 10;

/** Starts an experiment; what is not chosen is the placement as it is. */
export function StartExperiment({ isOpen, placement, onClose, onStarted }: StartExperimentProps) {
  const [typed, setPlacement] = useState<string | null>(null);
  const [metric, setMetric] = useState<ExperimentMetric>('CLICKED');
  const [arms, setArms] = useState(ARMS);
  const [{ data }] = useFreshQuery({ query: ExperimentChoicesDocument, pause: !isOpen });
  const { run, isRunning, problems, forget } = useChange(StartExperimentDocument, (data) => data.startExperiment);
  const choices = choicesOf(data);
  const name = typed ?? (placement === '' ? (choices.placements[0] ?? '') : placement);
  const sum = arms.reduce((total, { percent }) => total + Number(percent), 0);
  const close = () => {
    setArms(ARMS);
    setPlacement(null);
    forget();
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { problems } = await run({
      input: {
        placement: name.trim(),
        metric,
        currency: choices.currency,
        arms: arms.map((arm) => ({
          name: arm.name.trim(),
          percent: Number(arm.percent),
          ...(arm.version !== '' && { modelVersionId: arm.version }),
          ...(arm.state !== '' && { stateNumber: Number(arm.state) }),
        })),
      },
    });
    if (problems.length > 0) return;
    announce(`The experiment of “${name.trim()}” has begun.`);
    close();
    onStarted();
  };
  const change = (index: number, changes: Partial<DraftArm>) =>
    setArms(arms.map((arm, other) => (other === index ? { ...arm, ...changes } : arm)));
  return (
    <FormDialog
      opened={isOpen}
      isRunning={isRunning}
      isUnsaved={isOpen && arms !== ARMS}
      onClose={close}
      title="Start an experiment"
      size="lg"
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Group grow align="flex-start">
            <Autocomplete label="Placement" data={choices.placements} value={name} onChange={setPlacement} />
            <NativeSelect
              label="Decided by"
              data={Object.entries(METRICS).map(([value, label]) => ({ value, label }))}
              value={metric}
              onChange={({ currentTarget }) => setMetric(currentTarget.value as ExperimentMetric)}
            />
          </Group>
          {arms.map((arm, index) => (
            <ArmFields key={index} arm={arm} isControl={index === 0} onChange={(changes) => change(index, changes)} />
          ))}
          <Group justify="space-between">
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Icon name="add" size={14} />}
              disabled={arms.length === MOST_ARMS}
              onClick={() => setArms([...arms, { name: nameOf(arms.length), percent: '0', version: '', state: '' }])}
            >
              Another arm
            </Button>
            <Text size="sm" c={sum === 100 ? 'dimmed' : 'var(--mantine-color-error)'} role="status">
              {sum === 100 ? '100 % of the users' : `The shares sum to ${sum} %, not to 100 %.`}
            </Text>
          </Group>
          <Problems problems={problems} />
          <Group justify="flex-end">
            <Button variant="default" disabled={isRunning} onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isRunning} disabled={sum !== 100 || name.trim() === ''}>
              Start
            </Button>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}

interface ArmFieldsProps {
  readonly arm: DraftArm;
  readonly isControl: boolean;
  readonly onChange: (changes: Partial<DraftArm>) => void;
}

function ArmFields({ arm, isControl, onChange }: ArmFieldsProps) {
  const title = isControl ? `Arm ${arm.name} (control)` : `Arm ${arm.name}`;
  return (
    <Group component="fieldset" grow gap="xs" align="flex-start" p={0} m={0} style={{ border: 0 }} aria-label={title}>
      <TextInput
        label={isControl ? 'Control arm' : 'Arm'}
        value={arm.name}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <TextInput
        label="Users, %"
        inputMode="numeric"
        value={arm.percent}
        onChange={({ currentTarget }) => onChange({ percent: currentTarget.value.replaceAll(/\D/g, '') })}
      />
      <VersionSelect label="Model" usual="as it is" value={arm.version} onChange={(version) => onChange({ version })} />
      <TextInput
        label="State"
        placeholder="newest"
        inputMode="numeric"
        value={arm.state}
        onChange={({ currentTarget }) => onChange({ state: currentTarget.value.replaceAll(/\D/g, '') })}
      />
    </Group>
  );
}

function nameOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** Placements, those of most lists first; the currency that brought in most. */
function choicesOf(data: ExperimentChoicesQuery | undefined) {
  const placements = (data?.placements ?? []).map(({ name, figures }) => ({ name, sum: sumOf(figures) }));
  const totals = [...sumOf((data?.placements ?? []).flatMap(({ figures }) => figures)).revenue];
  return {
    placements: placements.toSorted((one, other) => other.sum.lists - one.sum.lists).map(({ name }) => name),
    currency: totals.toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? null,
  };
}
