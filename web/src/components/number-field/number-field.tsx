import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import type { Notation } from './notation';

interface NumberFieldProps extends Omit<TextInputProps, 'value' | 'defaultValue' | 'error' | 'onChange' | 'onBlur'> {
  readonly notation: Notation;
  /** Null: the field is empty. */
  readonly value: number | null;
  /** Called with null for what is no such number; the field says so. */
  readonly onChange: (value: number | null) => void;
}

/** A number to be typed. The text stays as it is until the field is left, and longer when it is no number. */
export function NumberField({ notation: { read, write }, value, onChange, ...rest }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const fault = typed === null ? null : read(typed).fault;
  const field = useRef<HTMLInputElement>(null);
  // A value from elsewhere, such as from the back button, takes the place of what was typed before.
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(null);
  }, [value]);
  return (
    <TextInput
      {...rest}
      ref={field}
      inputMode="decimal"
      autoComplete="off"
      value={typed ?? (value === null ? '' : write(value))}
      error={fault}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(read(currentTarget.value).number);
      }}
      onBlur={() => fault === null && setTyped(null)}
    />
  );
}
