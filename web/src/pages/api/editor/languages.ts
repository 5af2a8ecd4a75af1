/** GraphQL that knows the server's schema, and JSON. */
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { graphql } from 'cm6-graphql';
import type { GraphQLSchema } from 'graphql';

/** @param onLookUp - Called with the name that was clicked with Ctrl. */
export function graphqlLanguage(schema: GraphQLSchema, onLookUp: (name: string) => void): Extension {
  return graphql(schema, {
    onShowInDocs: (field, type, parentType) => onLookUp(parentType ?? type ?? field ?? ''),
    onCompletionInfoRender: ({ type, documentation }) => {
      const text = [type?.toString(), documentation].filter(Boolean).join('\n');
      return text === '' ? null : document.createTextNode(text);
    },
  });
}

const lintJson = jsonParseLinter();

/** No variables at all are right too. */
export const jsonLanguage: Extension = [
  json(),
  linter((view: EditorView) => (view.state.doc.toString().trim() === '' ? [] : lintJson(view))),
];
