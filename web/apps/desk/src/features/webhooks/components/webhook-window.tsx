/** A new webhook: an address, and which events go there. */
import { Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormWindow } from "../../../shell/form.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { EVENT_KINDS, makeWebhook } from "../api.ts";
import css from "./webhooks.module.css";
import { refreshWebhooks } from "./webhooks-page.tsx";

interface Props {
  onMade: (secret: string) => void;
  onClose: () => void;
}

export function WebhookWindow({ onMade, onClose }: Props) {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<string[]>(["message.created"]);
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      const made = await makeWebhook(
        url.trim(),
        EVENT_KINDS.filter((kind) => events.includes(kind)),
      );
      await refreshWebhooks();
      onClose();
      onMade(made.secret);
    });
  return (
    <FormWindow
      opened
      title={t("webhooks.add")}
      submit={t("action.create")}
      busy={form.busy}
      failed={form.rest("url")}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput
        label={t("webhooks.url")}
        type="url"
        placeholder="https://crm.example/hooks/otklik"
        required
        withAsterisk={false}
        data-autofocus
        value={url}
        error={form.of("url")}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Checkbox.Group label={t("webhooks.events")} value={events} onChange={setEvents}>
        <div className={css.kinds}>
          {EVENT_KINDS.map((kind) => (
            <Checkbox key={kind} size="xs" value={kind} label={t(`event.${kind}`)} />
          ))}
        </div>
      </Checkbox.Group>
    </FormWindow>
  );
}
