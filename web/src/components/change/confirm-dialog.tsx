import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';

import { Dialog } from './dialog';
import { Problems } from './problems';
import { type Payload, type Problem, useChange } from './use-change';

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** Says what will happen, and whether it can be undone. */
  readonly children: ReactNode;
  /** On the button, such as `Remove 3 items`. */
  readonly deed: string;
  readonly isRunning?: boolean;
  readonly problems?: readonly Problem[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that other people will notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, title, children, deed, isRunning = false, problems = [] } = props;
  const { onConfirm, onClose } = props;
  return (
    <Dialog opened={isOpen} isRunning={isRunning} onClose={onClose} title={title}>
      <Stack>
        <Text component="div" size="sm">
          {children}
        </Text>
        <Problems problems={problems} />
        <Group justify="flex-end">
          <Button variant="default" disabled={isRunning} onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red.8" loading={isRunning} onClick={onConfirm}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface ConfirmChangeProps<T, Data, Variables extends AnyVariables, P extends Payload> {
  readonly wanted: T | null;
  readonly title: string;
  readonly deed: string;
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly select: (data: Data) => P;
  readonly variables: (wanted: T) => Variables;
  readonly onDone: (wanted: T, payload: P) => void;
  readonly onClose: () => void;
  readonly children: (wanted: T) => ReactNode;
}

/** Asks before a mutation, runs it, and stays open with what was wrong. */
export function ConfirmChange<T, Data, Variables extends AnyVariables, P extends Payload>(
  props: ConfirmChangeProps<T, Data, Variables, P>,
) {
  const { wanted, title, deed, document, select, variables, onDone, onClose, children } = props;
  const { run, isRunning, problems, forget } = useChange(document, select);
  const close = () => {
    forget();
    onClose();
  };
  const confirm = async () => {
    if (wanted === null) return;
    const { payload, problems } = await run(variables(wanted));
    if (payload === null || problems.length > 0) return;
    onDone(wanted, payload);
    close();
  };
  return (
    <ConfirmDialog
      isOpen={wanted !== null}
      title={title}
      deed={deed}
      isRunning={isRunning}
      problems={problems}
      onConfirm={() => void confirm()}
      onClose={close}
    >
      {wanted !== null && children(wanted)}
    </ConfirmDialog>
  );
}
