import type { ReactNode } from 'react';

import classes from './definition-list.module.css';

interface DefinitionListProps {
  readonly entries: readonly (readonly [string, ReactNode | undefined])[];
}

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
