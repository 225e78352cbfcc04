/** The site chat: how it greets, how it looks, where it may stand. */
import { ColorInput, Select, Textarea, TextInput } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { useState } from "react";
import { FormWindow } from "../../../shell/form.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeInbox } from "../api.ts";

const COLORS = ["#00807f", "#1f6feb", "#5b4bd6", "#b4235a", "#c2410c", "#2f7d32", "#27303a"];

export function WidgetWindow({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const [title, setTitle] = useState(inbox.title);
  const [settings, setSettings] = useState<Record<string, string>>({
    greeting: inbox.settings.greeting ?? t("inbox.greetingDefault"),
    color: inbox.settings.color ?? "#00807f",
    position: inbox.settings.position ?? "right",
    allowed_origins: inbox.settings.allowed_origins ?? "",
    consent_text: inbox.settings.consent_text ?? "",
  });
  const form = useFormFailure();
  const set = (name: string) => (value: string) =>
    setSettings((old) => ({ ...old, [name]: value }));
  const save = () =>
    void form.run(async () => {
      await changeInbox(inbox.id, { title: title.trim(), settings });
      onClose();
    });
  const field = (name: string) => ({
    value: settings[name] ?? "",
    error: form.of(`settings.${name}`),
  });
  return (
    <FormWindow
      opened
      title={inbox.title}
      submit={t("action.save")}
      busy={form.busy}
      failed={form.rest("title", ...Object.keys(settings).map((name) => `settings.${name}`))}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput
        label={t("inbox.siteTitle")}
        placeholder="shop.example"
        required
        withAsterisk={false}
        data-autofocus
        value={title}
        error={form.of("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label={t("inbox.greeting")}
        rows={2}
        {...field("greeting")}
        onChange={(event) => set("greeting")(event.currentTarget.value)}
      />
      <ColorInput
        label={t("inbox.color")}
        format="hex"
        swatches={COLORS}
        {...field("color")}
        onChange={set("color")}
      />
      <Select
        label={t("inbox.position")}
        data={[
          { value: "right", label: t("inbox.positionRight") },
          { value: "left", label: t("inbox.positionLeft") },
        ]}
        value={settings.position ?? "right"}
        onChange={(value) => set("position")(value ?? "right")}
      />
      <TextInput
        label={t("inbox.origins")}
        description={t("inbox.originsText")}
        placeholder="https://shop.example"
        {...field("allowed_origins")}
        onChange={(event) => set("allowed_origins")(event.currentTarget.value)}
      />
      <TextInput
        label={t("inbox.consent")}
        description={t("inbox.consentText")}
        {...field("consent_text")}
        onChange={(event) => set("consent_text")(event.currentTarget.value)}
      />
    </FormWindow>
  );
}
