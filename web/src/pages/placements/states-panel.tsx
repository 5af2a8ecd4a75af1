import { Text } from '@mantine/core';
import { useState } from 'react';

import { announce, announceFailure } from '../../components/change/announce';
import { GuardedButton } from '../../components/change/guard';
import { useChange } from '../../components/change/use-change';
import { Ago } from '../../components/format/ago';
import { Panel } from '../../components/panel/panel';
import { RestorePlacementDocument, type StateFactsFragment } from '../../graphql/graphql';
import { draftOf, linesOf } from './draft';
import classes from './preview-panel.module.css';

interface StatesPanelProps {
  readonly name: string;
  /** The newest first. */
  readonly states: readonly StateFactsFragment[];
  readonly onRestored: () => void;
}

/** What was saved of a placement so far, and the way back to each. */
export function StatesPanel({ name, states, onRestored }: StatesPanelProps) {
  const { run, isRunning } = useChange(RestorePlacementDocument, (data) => data.restorePlacement);
  const [wanted, setWanted] = useState<number | null>(null);
  const newest = states[0]?.number;
  const restore = async (number: number, undone?: number) => {
    setWanted(number);
    const { problems } = await run({ input: { name, state: number } });
    setWanted(null);
    if (problems.length > 0) return announceFailure(problems[0].message, () => void restore(number, undone));
    announce(`State ${number} is in force again.`, undone === undefined ? undefined : () => void restore(undone));
    onRestored();
  };
  if (states.length === 0) return null;
  return (
    <Panel title="Former states" note="the newest is in force" isFlush>
      <ol className="plain" aria-label="States">
        {states.map((state) => (
          <li key={state.number} className={classes.line} style={{ padding: '6px 16px' }}>
            <span className={classes.rank}>{state.number}</span>
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" lineClamp={3}>
                {linesOf(draftOf(state)).join('; ') || 'It says nothing.'}
              </Text>
              <Text size="xs" c="dimmed">
                <Ago at={state.savedAt} />
                {state.savedBy != null && `, by ${state.savedBy}`}
              </Text>
            </div>
            {state.number !== newest && (
              <GuardedButton
                needs="ADMIN"
                deed="Changing a placement"
                variant="default"
                size="compact-xs"
                loading={isRunning && wanted === state.number}
                aria-label={`Put state ${state.number} back`}
                onClick={() => void restore(state.number, newest)}
              >
                Put back
              </GuardedButton>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
