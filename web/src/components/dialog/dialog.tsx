import { Modal, type ModalProps } from '@mantine/core';

import { useEscape } from './use-escape';

/** A dialog that may stand above another one. */
export function Dialog(props: ModalProps) {
  useEscape(props.opened, props.onClose);
  return <Modal {...props} closeOnEscape={false} />;
}
