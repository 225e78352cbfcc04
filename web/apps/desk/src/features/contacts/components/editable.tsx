/** A line that becomes a field when clicked, and is saved when left. */
import { Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { sentence } from "../../../shell/failure.ts";
import css from "./contact-pane.module.css";

interface Props {
  label: string;
  value: string;
  empty: string;
  hint?: string;
  big?: boolean;
  rows?: number;
  type?: "text" | "tel" | "email";
  onSave: (value: string) => Promise<void>;
}

export function Editable(props: Props) {
  const { label, value, empty, hint, big, onSave } = props;
  const [text, setText] = useState<string>();
  const [error, setError] = useState("");
  const leave = () => {
    setText(undefined);
    setError("");
  };
  const save = async () => {
    if (text === undefined || text.trim() === value) return leave();
    try {
      await onSave(text.trim());
      leave();
    } catch (failed) {
      setError(sentence(failed));
    }
  };
  return (
    <div className={css.field}>
      {big ? null : <span className={css.label}>{label}</span>}
      {text === undefined ? (
        <button
          type="button"
          className={css.value}
          data-empty={value === ""}
          data-big={big ?? false}
          aria-label={`${label}: ${value || empty}`}
          onClick={() => setText(value)}
        >
          {value || empty}
        </button>
      ) : (
        <Input
          {...props}
          text={text}
          error={error}
          onText={setText}
          onDone={save}
          onCancel={leave}
        />
      )}
      {hint && text === undefined ? <span className={css.hint}>{hint}</span> : null}
    </div>
  );
}

interface InputProps extends Props {
  text: string;
  error: string;
  onText: (text: string) => void;
  onDone: () => Promise<void>;
  onCancel: () => void;
}

function Input({ label, rows, type, text, error, onText, onDone, onCancel }: InputProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (!rows || event.ctrlKey || event.metaKey)) void onDone();
  };
  const common = {
    "aria-label": label,
    value: text,
    error,
    autoFocus: true,
    onKeyDown: press,
    onBlur: () => void onDone(),
  };
  return rows ? (
    <Textarea {...common} rows={rows} onChange={(event) => onText(event.currentTarget.value)} />
  ) : (
    <TextInput
      {...common}
      type={type ?? "text"}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}
