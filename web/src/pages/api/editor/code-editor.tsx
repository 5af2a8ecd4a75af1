import { EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Text } from '@mantine/core';
import { basicSetup } from 'codemirror';
import { useEffect, useId, useRef } from 'react';

import classes from './code-editor.module.css';
import { editorLooks } from './editor-looks';
import { typedOver } from './typed-over';

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Called by Ctrl + Enter. */
  readonly onRun: () => void;
  /** Called with the cursor's place in the text whenever it moves. */
  readonly onCursor?: (cursor: number) => void;
  /** The language. Another one makes the editor anew. */
  readonly language: Extension;
}

/** A text with colours, completion and undo. Tab leaves it, as it leaves every field. */
export function CodeEditor({ label, value, onChange, onRun, onCursor, language }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ value, onChange, onRun, onCursor });
  latest.current = { value, onChange, onRun, onCursor };
  const labelId = useId();

  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          runKey(() => latest.current.onRun()),
          basicSetup,
          editorLooks,
          typedOver,
          EditorView.contentAttributes.of({ 'aria-labelledby': labelId, tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            const text = state.doc.toString();
            if (docChanged && text !== latest.current.value) latest.current.onChange(text);
            latest.current.onCursor?.(state.selection.main.head);
          }),
          language,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [labelId, language]);

  // The text was changed by something else than this editor, such as the back button.
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return (
    <div className={classes.editor}>
      <Text id={labelId} size="sm" fw={600} mb={2}>
        {label}
      </Text>
      <div ref={place} />
    </div>
  );
}

function runKey(run: () => void): Extension {
  const keydown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return false;
    // A key that is held runs it once.
    if (!event.repeat) run();
    return true;
  };
  return Prec.highest(EditorView.domEventHandlers({ keydown }));
}
