import { Text } from '@mantine/core';

import { INTERACTION_KINDS } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { OverviewQuery } from '../../graphql/graphql';
import classes from './small-table.module.css';

interface KindsPanelProps {
  readonly kinds: OverviewQuery['interactionKinds'];
}

/** Shows what each kind of interaction does in trainings and lists. The server's environment says so. */
export function KindsPanel({ kinds }: KindsPanelProps) {
  return (
    <Panel title="What interactions do" note="set by TIGERQL_KINDS" isFlush>
      <table className={classes.table} aria-label="What interactions do">
        <thead>
          <tr>
            <th>An item that was …</th>
            <th>counts</th>
            <th>in later lists</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ kind, weight, hidesItem }) => (
            <tr key={kind}>
              <td>{INTERACTION_KINDS[kind]}</td>
              <td>{weight === 0 ? 'nothing' : weight}</td>
              <td>{hidesItem ? 'left out' : 'may come'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" p="md">
        What a user dismissed is left out in any case.
      </Text>
    </Panel>
  );
}
