import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useState } from 'react';

import { numberOf } from './number-of';

interface NumberFieldProps extends Omit<NumberInputProps, 'value' | 'defaultValue' | 'onChange' | 'onBlur'> {
  /** Null: the field is empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number to be typed. The text stays as it is until the field is left: the number alone would turn `7.` back into `7`. */
export function NumberField({ value, onChange, ...rest }: NumberFieldProps) {
  const [text, setText] = useState<string | number | null>(null);
  return (
    <NumberInput
      {...rest}
      value={text ?? value ?? ''}
      onChange={(typed) => {
        setText(typed);
        onChange(numberOf(typed));
      }}
      onBlur={() => setText(null)}
    />
  );
}
