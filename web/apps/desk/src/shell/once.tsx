/** Something shown a single time: a key, a secret, a link to hand over. */
import { Button, Modal, TextInput } from "@mantine/core";
import { toast } from "@otklik/ui";
import { IconCopy } from "@tabler/icons-react";
import css from "./once.module.css";
import { t } from "./words.ts";

interface Props {
  title: string;
  text: string;
  value: string | undefined;
  onClose: () => void;
}

export function Once({ title, text, value, onClose }: Props) {
  return (
    <Modal
      opened={value !== undefined}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p className={css.text}>{text}</p>
      <CopyLine label={title} value={value ?? ""} />
      <div className={css.foot}>
        <Button onClick={onClose}>{t("action.done")}</Button>
      </div>
    </Modal>
  );
}

/** A line of text with a button that copies it. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    toast({ text: t("action.copied") });
  };
  return (
    <div className={css.line}>
      <TextInput
        readOnly
        aria-label={label}
        value={value}
        className={css.value ?? ""}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        leftSection={<IconCopy size={16} />}
        data-autofocus
        onClick={() => void copy()}
      >
        {t("action.copy")}
      </Button>
    </div>
  );
}
