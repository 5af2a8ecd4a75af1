import { Alert, Anchor, Code, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useFetch } from '@mantine/hooks';
import { Kind, parse, type TypeNode } from 'graphql';
import type { ReactNode } from 'react';

import { authorizationOf, useKey } from '../../app/key-store';
import { CopyBlock, curlOf } from '../../components/copy/copy-block';
import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { textValue, useUrlState } from '../../components/url-state/use-url-state';

interface SharedDocument {
  readonly name: string;
  readonly document: string;
}

/** Changes nothing and needs no variables. */
const SHOWN_FIRST = 'shop';

/** `operation`: the name of the document; empty: the first one. */
const STATE = { operation: textValue };

/** The shop's documents, ready to be pasted into another program. */
export function ApiPage() {
  const authorization = authorizationOf(useKey());
  const headers = authorization ? { authorization } : undefined;
  const { data: documents, error } = useFetch<readonly SharedDocument[]>('/operations', { headers });
  return (
    <Page title="API" lead={`GraphQL at ${location.origin}/graphql: queries and mutations by POST.`}>
      {error && (
        <Alert color="red">
          The documents could not be loaded: {error.message}. Load the page again, or use another key.
        </Alert>
      )}
      {!error && !documents && <Skeleton height={400} />}
      {documents && <DocumentPanels documents={documents} />}
    </Page>
  );
}

function DocumentPanels({ documents }: { readonly documents: readonly SharedDocument[] }) {
  const [{ operation }, setState] = useUrlState(STATE);
  const hasKey = useKey() !== null;
  const named = (wanted: string) => documents.find(({ name }) => name === wanted);
  const { name, document } = named(operation) ?? named(SHOWN_FIRST) ?? documents[0];
  const variables = emptyVariables(document);
  const isSubscription = /^subscription/m.test(document);
  return (
    <>
      <Panel title="Documents">
        <Stack gap="sm">
          <NativeSelect
            label="Shared document"
            data={documents.map((each) => each.name)}
            value={name}
            onChange={({ currentTarget: { value } }) => setState({ operation: value }, { push: true })}
          />
          <Part title="Document">
            <CopyBlock label="Document" text={document.trim()} />
          </Part>
          {variables !== null && (
            <Part title="Variables">
              <CopyBlock label="Variables" text={JSON.stringify(variables, null, 2)} />
            </Part>
          )}
          {!isSubscription && (
            <Part title="From a command line">
              <CopyBlock label="Command" text={curlOf({ query: document, ...(variables && { variables }) }, hasKey)} />
            </Part>
          )}
        </Stack>
      </Panel>
      <WhereToPaste />
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {title}
      </Text>
      {children}
    </div>
  );
}

function WhereToPaste() {
  return (
    <Panel title="Where to paste it">
      <Stack gap="xs" fz="sm">
        <Text size="sm">
          Any GraphQL client, such as GraphiQL, Altair, Bruno or Insomnia: give it the address{' '}
          <Code>{`${location.origin}/graphql`}</Code> and, if you have a key, the header{' '}
          <Code>authorization: Bearer YOUR_KEY</Code>. It completes names and shows the documentation by introspection.
        </Text>
        <Text size="sm">
          Subscriptions go over a WebSocket, <Code>{`${location.origin.replace(/^http/, 'ws')}/graphql`}</Code>, with
          the protocol of graphql-ws (<Code>graphql-transport-ws</Code>). The key goes into the connection parameters,
          as <Code>{'{"authorization": "Bearer YOUR_KEY"}'}</Code>.
        </Text>
        <Text size="sm">
          The whole schema with its descriptions:{' '}
          <Anchor href="/schema.graphql" underline="always">
            schema.graphql
          </Anchor>
          . A server that shows nothing without a key gives it to requests with that header alone.
        </Text>
      </Stack>
    </Panel>
  );
}

/** @returns One entry for each variable that a document needs; null when it needs none. */
function emptyVariables(document: string): Record<string, unknown> | null {
  const operation = parse(document).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const needed = (operation?.variableDefinitions ?? []).filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  if (needed.length === 0) return null;
  return Object.fromEntries(needed.map(({ variable, type }) => [variable.name.value, emptyOf(type)]));
}

function emptyOf(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return emptyOf(type.type);
  if (type.kind === Kind.LIST_TYPE) return [];
  const name = type.name.value;
  if (name === 'ID' || name === 'String') return '';
  return name.endsWith('Input') ? {} : null;
}
