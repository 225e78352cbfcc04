/** One field of a guide: a text, a secret that can be looked at, a colour, or a choice. */
import { ColorInput, Select, Textarea, TextInput } from "@mantine/core";
import type { GuideField } from "@otklik/client";
import { Password } from "../../../shell/password.tsx";
import { t } from "../../../shell/words.ts";
import { hintOf, inOwnWords } from "../model.ts";

const COLORS = ["#00807f", "#1f6feb", "#5b4bd6", "#b4235a", "#c2410c", "#2f7d32", "#27303a"];
/** What is written in several lines. */
const LONG = new Set(["greeting", "signature", "consent_text"]);

interface Props {
  field: GuideField;
  value: string;
  /** The last signs of the secret that is kept already. */
  kept: string | undefined;
  error: string | undefined;
  onChange: (value: string) => void;
}

export function CredentialField({ field, value, kept, error, onChange }: Props) {
  const hint = [hintOf(field), kept ? t("inbox.tokenKeep") : ""].filter(Boolean).join(" ");
  const common = {
    label: inOwnWords(field) + (field.required === false ? ` · ${t("connect.optional")}` : ""),
    description: hint || undefined,
    error,
    value,
  };
  const typed = {
    ...common,
    placeholder: kept ?? field.example ?? "",
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (field.secret) return <Password {...typed} autoComplete="new-password" />;
  if (field.name === "color") {
    return <ColorInput {...common} format="hex" swatches={COLORS} onChange={onChange} />;
  }
  if (field.choices && field.choices.length > 0) {
    return (
      <Select
        {...common}
        value={value || (field.choices[0] ?? null)}
        data={field.choices}
        allowDeselect={false}
        onChange={(next) => onChange(next ?? "")}
      />
    );
  }
  return LONG.has(field.name) ? <Textarea {...typed} rows={2} /> : <TextInput {...typed} />;
}
