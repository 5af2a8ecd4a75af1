import { List, Text } from '@mantine/core';

import type { TrainingNotesFragment } from '../../graphql/graphql';

/** @returns What people should know of a training: why it failed or its version is not active, then its warnings. */
export function notesOf({ error, progress }: TrainingNotesFragment): readonly string[] {
  return [...(error == null ? [] : [error]), ...(progress?.warnings ?? [])];
}

/** One note as a text, several as a list. */
export function TrainingNotes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 1) return <Text size="sm">{notes[0]}</Text>;
  return (
    <List size="sm" spacing={4}>
      {notes.map((note) => (
        <List.Item key={note}>{note}</List.Item>
      ))}
    </List>
  );
}
