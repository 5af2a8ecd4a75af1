import { Alert, SimpleGrid, Skeleton } from '@mantine/core';
import { useMemo } from 'react';

import { Page } from '../../components/page/page';
import { useUrlState } from '../../components/url-state/use-url-state';
import { API_STATE, type ApiState } from './api-state';
import { SchemaPanel } from './schema-panel';
import { type SharedDocument, TryPanel } from './try-panel';
import { useText } from './use-text';

/** Sends documents to the API, and shows its schema. */
export function ApiPage() {
  const [state, setState] = useUrlState<ApiState>(API_STATE);
  const { text, error } = useText('/operations');
  const operations = useMemo(() => (text === null ? [] : (JSON.parse(text) as SharedDocument[])), [text]);
  return (
    <Page title="API" lead={`Everything here goes through POST ${location.origin}/graphql, with the key of this tab.`}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <div>
          {error !== null && <Alert color="red">{error}</Alert>}
          {text === null && error === null && <Skeleton height={400} />}
          {operations.length > 0 && <TryPanel operations={operations} state={state} onChange={setState} />}
        </div>
        <SchemaPanel find={state.find} onFind={(find) => setState({ find })} />
      </SimpleGrid>
    </Page>
  );
}
