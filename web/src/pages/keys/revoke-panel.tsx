import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';

import { askForKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';
import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guarded-button';
import { type Problem, useChange } from '../../components/change/use-change';
import { Panel } from '../../components/panel/panel';
import { RevokeKeyDocument } from '../../graphql/graphql';
import { type NewKey, ROLES } from './new-key';

interface RevokePanelProps {
  /** Those that were made while the page was open. */
  readonly keys: readonly NewKey[];
  readonly onRevoked: (id: string) => void;
}

/** Ends keys: those made just now, and any other by its ID. */
export function RevokePanel({ keys, onRevoked }: RevokePanelProps) {
  const [typed, setTyped] = useState('');
  const [wanted, setWanted] = useState<{ id: string; name: string } | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RevokeKeyDocument, (data) => data.revokeApiKey);
  const { isAdmin } = useViewer();
  const ask = (key: { id: string; name: string }) =>
    isAdmin ? setWanted(key) : askForKey('Revoking a key needs a key of role admin.');
  const close = () => {
    setProblems([]);
    setWanted(null);
  };
  const revoke = async () => {
    if (wanted === null) return;
    const { payload, problems } = await run({ input: { apiKeyId: wanted.id } });
    setProblems(problems);
    if (problems.length > 0) return;
    announce(payload?.revoked ? `The key ${wanted.name} is revoked.` : `The key ${wanted.name} was revoked before.`);
    onRevoked(wanted.id);
    setTyped('');
    close();
  };

  return (
    <Panel title="Revoke" note="a revoked key is invalid at once">
      <Stack>
        {keys.length > 0 && (
          <Table aria-label="Keys made just now">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Change</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map(({ id, name, role, isRevoked }) => (
                <Table.Tr key={id}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>{ROLES[role].label}</Table.Td>
                  <Table.Td>
                    {isRevoked ? (
                      <Text size="sm" c="dimmed">
                        revoked
                      </Text>
                    ) : (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`Revoke ${name}`}
                        onClick={() => ask({ id, name: `“${name}”` })}
                      >
                        Revoke
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <Group align="flex-end">
          <TextInput
            label="ID of a key"
            description="The answer of createApiKey had it."
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <GuardedButton
            needs="ADMIN"
            deed="Revoking a key"
            variant="default"
            disabled={typed.trim() === ''}
            onClick={() => ask({ id: typed.trim(), name: typed.trim() })}
          >
            Revoke it
          </GuardedButton>
        </Group>
      </Stack>
      <ConfirmDialog
        isOpen={wanted !== null}
        title="Revoke the key?"
        deed="Revoke the key"
        isRunning={isRunning}
        problems={problems}
        onConfirm={() => void revoke()}
        onClose={close}
      >
        Whatever uses the key {wanted?.name} is refused from now on. This cannot be undone; a new key can be made.
      </ConfirmDialog>
    </Panel>
  );
}
