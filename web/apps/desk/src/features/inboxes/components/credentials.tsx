/** What a channel wants pasted: its fields, checked at the platform before they are kept. */
import { Button, TextInput } from "@mantine/core";
import type { ChannelView, InboxView } from "@otklik/client";
import { type FormEvent, useState } from "react";
import { Failed } from "../../../shell/form.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { API_BASE, type Filled, filledFrom } from "../filled.ts";
import { CredentialField } from "./credential-field.tsx";
import css from "./inbox.module.css";

interface Props {
  channel: ChannelView;
  submit: string;
  /** The inbox whose credentials are changed; none: a new one. */
  inbox?: InboxView;
  onSubmit: (filled: Filled) => Promise<void>;
}

export function Credentials({ channel, submit, inbox, onSubmit }: Props) {
  const fields = channel.guide.field ?? [];
  const [title, setTitle] = useState(inbox?.title ?? "");
  const [values, setValues] = useState<Record<string, string>>(() => settingsOf(inbox));
  const [unfolded, setUnfolded] = useState(false);
  const form = useFormFailure();
  const placeOf = (secret: boolean | undefined, name: string) =>
    `${secret ? "secrets" : "settings"}.${name}`;
  const folded = fields.filter((one) => one.advanced);
  const guided = new Set(fields.map((one) => one.name));
  // Every platform may stand behind a proxy or a sandbox, whether or not its guide says so.
  const base = !guided.has("api_base") && BASED.has(channel.transport);
  const extra = base ? [...folded, API_BASE] : folded;
  const broken = extra.some((one) => form.of(placeOf(one.secret, one.name)));
  const send = (event: FormEvent) => {
    event.preventDefault();
    const filled = filledFrom({
      fields: [...fields, ...(base ? [API_BASE] : [])],
      values,
      title,
      inbox,
    });
    void form.run(() => onSubmit(filled));
  };
  const shown = [...fields.filter((one) => !one.advanced), ...(unfolded || broken ? extra : [])];
  return (
    <form className={css.form} onSubmit={send} noValidate>
      {shown.map((field) => (
        <CredentialField
          key={field.name}
          field={field}
          kept={field.secret ? inbox?.secrets[field.name] : undefined}
          value={values[field.name] ?? ""}
          error={form.of(placeOf(field.secret, field.name))}
          onChange={(value) => setValues((old) => ({ ...old, [field.name]: value }))}
        />
      ))}
      <TextInput
        label={t("inbox.title")}
        description={t("inbox.titleText")}
        value={title}
        error={form.of("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {extra.length > 0 && !(unfolded || broken) ? (
        <button type="button" className={css.more} onClick={() => setUnfolded(true)}>
          {t("connect.advanced")}
        </button>
      ) : null}
      <Failed text={form.rest("title", ...shown.map((one) => placeOf(one.secret, one.name)))} />
      <Button type="submit" loading={form.busy} className={css.submit ?? ""}>
        {submit}
      </Button>
      {form.busy ? <p className={css.fine}>{t("connect.checking")}</p> : null}
    </form>
  );
}

const BASED = new Set(["http"]);

function settingsOf(inbox: InboxView | undefined): Record<string, string> {
  return { ...inbox?.settings };
}
