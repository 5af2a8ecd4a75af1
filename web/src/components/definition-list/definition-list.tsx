import type { ReactNode } from 'react';

import classes from './definition-list.module.css';

interface DefinitionListProps {
  /** Names and values; what is undefined is left out. */
  readonly entries: readonly (readonly [string, ReactNode | undefined])[];
}

/** Names at the left, values at the right. */
export function DefinitionList({ entries }: DefinitionListProps) {
  return (
    <dl className={classes.list}>
      {entries.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name} className={classes.entry}>
              <dt className={classes.name}>{name}</dt>
              <dd className={classes.value}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
