import { Text } from '@mantine/core';

import { DefinitionList } from '../../components/definition-list/definition-list';
import { INTERACTION_KINDS } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { OverviewQuery } from '../../graphql/graphql';

/** Shows what each kind of interaction does in trainings and lists. The server's environment says so. */
export function KindsPanel({ kinds }: { readonly kinds: OverviewQuery['interactionKinds'] }) {
  return (
    <Panel title="What interactions do" note="set by TIGERQL_KINDS">
      <DefinitionList
        entries={kinds.map(({ kind, weight, hidesItem }) => [
          INTERACTION_KINDS[kind],
          `counts ${weight === 0 ? 'nothing' : weight}; ${hidesItem ? 'left out of later lists' : 'may come again'}`,
        ])}
      />
      <Text size="xs" c="dimmed" mt="xs">
        What a user dismissed is left out in any case.
      </Text>
    </Panel>
  );
}
