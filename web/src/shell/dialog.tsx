import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

/** A question that has to be answered before going on. Escape and a click beside it mean no. */
export function Dialog(props: { opened: boolean; onClose: () => void; title: string; children: ReactNode }) {
  return (
    <Modal.Root
      opened={props.opened}
      onClose={props.onClose}
      centered
      classNames={{ content: classes.content }}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content radius="lg">
        <Modal.Title className={classes.title}>{props.title}</Modal.Title>
        <Modal.Body p={0}>{props.children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
