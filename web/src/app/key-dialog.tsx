import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useEffect, useState } from 'react';

import { Dialog } from '../components/change/dialog';
import { checkKey, keyStore } from './key-store';

/** Asks for the API key whenever someone needs it, and says at once when the server does not know it. */
export function KeyDialog() {
  const [isOpen, dialog] = useDisclosure(false);
  const [reason, setReason] = useState<string>();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isChecking, setIsChecking] = useState(false);

  useEffect(
    () =>
      keyStore.onAsk((why) => {
        setReason(why);
        dialog.open();
      }),
    [dialog],
  );

  const close = () => {
    setKey('');
    setProblem(null);
    setIsChecking(false);
    dialog.close();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecking(true);
    const found = await checkKey(key.trim());
    setIsChecking(false);
    setProblem(found);
    if (found !== null) return;
    keyStore.set(key.trim());
    close();
  };

  return (
    <Dialog opened={isOpen} onClose={close} title="API key">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm" c="dimmed">
            {reason ?? 'With a key you can change the shop, train models and activate them.'} The key stays in this tab
            and is gone when you close it.
          </Text>
          <PasswordInput
            label="Key"
            description="The server printed the first admin key when it started."
            value={key}
            error={problem}
            onChange={({ currentTarget }) => {
              setKey(currentTarget.value);
              setProblem(null);
            }}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isChecking} disabled={key.trim() === ''}>
              Use this key
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
