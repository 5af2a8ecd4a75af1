import { Alert, Button, Code, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import { LeaveQuestion } from '../../components/change/form-dialog';
import { GuardedButton } from '../../components/change/guard';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { useCopy } from '../../components/copy/copy-block';
import { Icon } from '../../components/icon/icon';
import { Panel } from '../../components/panel/panel';
import { CreateKeyDocument, type Role } from '../../graphql/graphql';
import { type NewKey, ROLES } from './key';

interface CreatePanelProps {
  /** New keys whose secrets are still shown, newest first. */
  readonly made: readonly NewKey[];
  readonly onCreated: (key: NewKey) => void;
  readonly onHide: (key: NewKey) => void;
}

/** Makes a key, and shows the secrets of those that were made until they are hidden. */
export function CreatePanel({ made, onCreated, onHide }: CreatePanelProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('READER');
  const [lastDay, setLastDay] = useState('');
  const { run, isRunning, problems } = useChange(CreateKeyDocument, (data) => data.createApiKey);
  const create = async () => {
    const { payload, problems } = await run({ input: { name: name.trim(), role, expiresAt: endOf(lastDay) } });
    if (problems.length > 0 || payload?.secret == null) return;
    onCreated({ name: name.trim(), secret: payload.secret });
    setName('');
    setLastDay('');
  };
  return (
    <Panel title="New key">
      <Stack maw={520}>
        <TextInput
          label="Name"
          description="Says who or what uses the key."
          placeholder="shop frontend"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt={6}>
            {(Object.keys(ROLES) as Role[]).map((value) => (
              <Radio key={value} value={value} label={ROLES[value].label} description={ROLES[value].text} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Last day"
          description="The key ends with this day; empty: never."
          type="date"
          max="9999-12-30"
          value={lastDay}
          onChange={({ currentTarget }) => setLastDay(currentTarget.value)}
          maw={220}
        />
        <Problems problems={problems} />
        <Group>
          <GuardedButton
            needs="ADMIN"
            deed="Creating a key"
            loading={isRunning}
            disabled={name.trim() === ''}
            onClick={() => void create()}
          >
            Create the key
          </GuardedButton>
        </Group>
        {made.map((key) => (
          <SecretAlert key={key.secret} newKey={key} onClose={() => onHide(key)} />
        ))}
        <LeaveQuestion isUnsaved={made.length > 0}>
          The secret of a new key is shown only here, and cannot be read again.
        </LeaveQuestion>
      </Stack>
    </Panel>
  );
}

/** @param day - Such as `2030-12-31`; empty: no end. @returns The first moment after it, where the reader lives. */
function endOf(day: string): string | null {
  if (day === '') return null;
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

interface SecretAlertProps {
  readonly newKey: NewKey;
  readonly onClose: () => void;
}

/** Shows the secret of a new key this one time, where its maker looks. */
function SecretAlert({ newKey: { name, secret }, onClose }: SecretAlertProps) {
  const place = useRef<HTMLElement>(null);
  const [state, copy] = useCopy(secret, place);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => alert.current?.focus(), []);
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      variant="light"
      icon={<Icon name="key" />}
      title={`The key “${name}”`}
      role="status"
      withCloseButton
      closeButtonLabel="Hide the key"
      onClose={onClose}
    >
      <Text size="sm" mb="xs">
        Copy it now: it is shown only here and cannot be read again.
      </Text>
      <Group gap="xs">
        <Code ref={place} aria-label="Secret" style={{ overflowWrap: 'anywhere' }}>
          {secret}
        </Code>
        <Button size="compact-sm" variant="default" onClick={copy}>
          {state === 'copied' ? 'Copied' : 'Copy'}
        </Button>
        {state === 'selected' && (
          <Text size="sm">This browser copies nothing by itself here. The key is selected: press Ctrl + C.</Text>
        )}
      </Group>
    </Alert>
  );
}
