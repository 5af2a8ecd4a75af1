import { type ConnectionState, useConnectionState } from './connection';
import classes from './connection-badge.module.css';

const WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting…',
  connected: 'Live',
  lost: 'Connection lost',
  polled: 'Every 10 seconds',
  refused: 'Key refused',
};

/** Whether news arrive by themselves. */
export function ConnectionBadge() {
  const state = useConnectionState();
  return (
    <span className={classes.badge} role="status">
      <span className={`${classes.dot} keeps-colors`} data-state={state} />
      {WORDS[state]}
    </span>
  );
}
