import { Text } from '@mantine/core';

import classes from './codes.module.css';

interface CodesProps {
  /** Coarse to fine; of a whole semantic ID the last is the collision token. */
  readonly codes: readonly number[];
}

/** A semantic ID, or its first codes, as boxes whose shade grows lighter level by level. */
export function Codes({ codes }: CodesProps) {
  if (codes.length === 0) return <Text span>root</Text>;
  return (
    <span className={classes.codes} aria-label={`codes ${codes.join(', ')}`} role="img">
      {codes.map((code, level) => (
        // The levels of one ID never change places.
        <span key={level} className={classes.code} data-level={Math.min(level, 3)}>
          {code}
        </span>
      ))}
    </span>
  );
}
