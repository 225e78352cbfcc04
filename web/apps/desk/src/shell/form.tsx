/** A form in a window: fields, the failure that belongs to none of them, two buttons. */
import { Button, Modal } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import css from "./form.module.css";
import { t } from "./words.ts";

interface Props {
  opened: boolean;
  title: string;
  submit: string;
  busy: boolean;
  failed: string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormWindow(props: Props) {
  const { opened, title, submit, busy, failed, onSubmit, onClose, children } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form className={css.form} onSubmit={send}>
        {children}
        <Failed text={failed} />
        <div className={css.foot}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function Failed({ text }: { text: string | undefined }) {
  return text ? (
    <p className={css.failed} role="alert">
      {text}
    </p>
  ) : null;
}
