/** How code looks: the console's type, and colours that follow its scheme. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

import { styleNonce } from '../../../app/theme';

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.definitionKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.typeName, tags.className, tags.atom], color: 'var(--code-type)' },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: 'var(--code-variable)' },
  { tag: [tags.string, tags.number, tags.integer, tags.float], color: 'var(--code-string)' },
  { tag: tags.comment, color: 'var(--code-comment)' },
  { tag: [tags.propertyName, tags.attributeName, tags.name], color: 'var(--code-name)' },
]);

const surfaces = EditorView.theme({
  '&': {
    color: 'var(--code-name)',
    backgroundColor: 'var(--panel-surface)',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-md)',
    fontSize: 'var(--mantine-font-size-sm)',
  },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    // Below it the variables, the button and the first lines of an answer are seen, too.
    maxHeight: '40vh',
    // What is in it hides no corner of the border.
    borderRadius: 'inherit',
  },
  '.cm-content': { caretColor: 'var(--code-name)' },
  '.cm-cursor': { borderLeftColor: 'var(--code-name)' },
  '.cm-gutters': {
    // It stays while the code scrolls below it.
    backgroundColor: 'var(--panel-surface)',
    color: 'var(--mantine-color-dimmed)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--code-name)',
    backgroundColor: 'var(--panel-surface)',
    border: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--active-text)',
    backgroundColor: 'var(--active-surface)',
  },
  // In place of pictures in `data:` URLs, which the policy refuses.
  '.cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--mantine-color-error)',
    textUnderlineOffset: '3px',
  },
  '.cm-completionInfo': { maxWidth: '320px', padding: '6px 10px' },
});

/** The server admits those `<style>` elements that carry the page's nonce. */
export const editorLooks = [surfaces, syntaxHighlighting(colors), EditorView.cspNonce.of(styleNonce())];
