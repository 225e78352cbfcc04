/** Connecting a Telegram bot: paste the token, it is tried before it is kept. */
import { TextInput } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { toast } from "@otklik/ui";
import { useState } from "react";
import { FormWindow } from "../../../shell/form.tsx";
import { Password } from "../../../shell/password.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeInbox, connectInbox } from "../api.ts";
import css from "./inbox-card.module.css";

const TELEGRAM = "https://api.telegram.org";

export function TelegramWindow({
  inbox,
  onClose,
}: {
  inbox: InboxView | undefined;
  onClose: () => void;
}) {
  const [title, setTitle] = useState(inbox?.title ?? "");
  const [token, setToken] = useState("");
  const [base, setBase] = useState(inbox?.settings.api_base ?? "");
  const [advanced, setAdvanced] = useState(false);
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      const settings: Record<string, string> = base.trim() ? { api_base: base.trim() } : {};
      const secrets: Record<string, string> = token.trim() ? { token: token.trim() } : {};
      if (inbox) await changeInbox(inbox.id, { title: title.trim(), settings, secrets });
      else {
        const made = await connectInbox({
          channel: "telegram",
          title: title.trim(),
          settings,
          secrets,
        });
        toast({ text: t("inbox.connected", { title: made.title }) });
      }
      onClose();
    });
  const baseFailed = form.of("settings.api_base");
  return (
    <FormWindow
      opened
      title={inbox?.title ?? t("inbox.telegramTitle")}
      submit={t(inbox ? "action.save" : "inbox.tryAndConnect")}
      busy={form.busy}
      failed={form.rest("secrets.token", "settings.api_base", "title")}
      onSubmit={save}
      onClose={onClose}
    >
      {inbox ? null : (
        <ol className={css.steps}>
          <li>{t("inbox.telegramStep1")}</li>
          <li>{t("inbox.telegramStep2")}</li>
          <li>{t("inbox.telegramStep3")}</li>
        </ol>
      )}
      <Password
        label={t("inbox.token")}
        placeholder={inbox?.secrets.token ?? "123456789:AA…"}
        description={inbox ? t("inbox.tokenKeep") : undefined}
        autoComplete="off"
        required={!inbox}
        withAsterisk={false}
        data-autofocus
        value={token}
        error={form.of("secrets.token")}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      <TextInput
        label={t("inbox.title")}
        description={t("inbox.titleText")}
        value={title}
        error={form.of("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {advanced || baseFailed ? (
        <TextInput
          label={t("inbox.apiBase")}
          description={t("inbox.apiBaseText")}
          placeholder={TELEGRAM}
          value={base}
          error={baseFailed}
          onChange={(event) => setBase(event.currentTarget.value)}
        />
      ) : (
        <button type="button" className={css.more} onClick={() => setAdvanced(true)}>
          {t("inbox.advanced")}
        </button>
      )}
    </FormWindow>
  );
}
