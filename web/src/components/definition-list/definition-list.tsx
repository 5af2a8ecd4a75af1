import type { ReactNode } from 'react';

import classes from './definition-list.module.css';

export function DefinitionList({
  entries,
}: {
  readonly entries: readonly (readonly [string, ReactNode | undefined])[];
}) {
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
