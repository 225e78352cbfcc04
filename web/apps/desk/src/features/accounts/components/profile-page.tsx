/** One's own name, password, language, theme and habits. */
import { Button, SegmentedControl, TextInput, useMantineColorScheme } from "@mantine/core";
import { toast } from "@otklik/ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { Failed } from "../../../shell/form.tsx";
import { Password } from "../../../shell/password.tsx";
import { prefer, usePreference } from "../../../shell/preferences.ts";
import { signedIn, useMe } from "../../../shell/session.ts";
import { SettingsPage } from "../../../shell/settings-page.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeMe } from "../api.ts";
import css from "./profile-page.module.css";

export function ProfilePage() {
  return (
    <SettingsPage title={t("settings.profile")}>
      <Person />
      <Secret />
      <Habits />
    </SettingsPage>
  );
}

interface SectionProps {
  title: string;
  onSubmit?: () => void;
  children: ReactNode;
}

function Section({ title, onSubmit, children }: SectionProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <form className={css.section} onSubmit={submit}>
      <h2 className={css.title}>{title}</h2>
      {children}
    </form>
  );
}

function Person() {
  const me = useMe();
  const [name, setName] = useState(me.operator.name);
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      signedIn(await changeMe({ name: name.trim() }));
      toast({ text: t("action.saved") });
    });
  return (
    <Section title={t("profile.person")} onSubmit={save}>
      <TextInput
        label={t("contact.name")}
        value={name}
        error={form.of("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label={t("signIn.email")} value={me.operator.email} readOnly />
      <Failed text={form.rest("name")} />
      <Button type="submit" loading={form.busy} disabled={name.trim() === me.operator.name}>
        {t("action.save")}
      </Button>
    </Section>
  );
}

function Secret() {
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      const change = me.password_set ? { password, current_password: current } : { password };
      signedIn(await changeMe(change));
      setCurrent("");
      setPassword("");
      toast({ text: t("profile.passwordSaved") });
    });
  return (
    <Section title={t("signIn.password")} onSubmit={save}>
      {me.password_set ? (
        <Password
          label={t("profile.current")}
          autoComplete="current-password"
          value={current}
          error={form.of("current_password")}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
      ) : null}
      <Password
        label={t("profile.new")}
        description={t("welcome.passwordHint")}
        autoComplete="new-password"
        value={password}
        error={form.of("password")}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Failed text={form.rest("current_password", "password")} />
      <Button type="submit" loading={form.busy} disabled={password === ""}>
        {t("profile.changePassword")}
      </Button>
    </Section>
  );
}

function Habits() {
  const locale = usePreference("locale");
  const sendKey = usePreference("sendKey");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const speak = (next: "ru" | "en") => {
    prefer("locale", next);
    // The choice holds in this browser at once; the server keeps it for the others.
    void changeMe({ locale: next }).then(signedIn, () => undefined);
  };
  return (
    <Section title={t("profile.habits")}>
      <Choice label={t("language.title")}>
        <SegmentedControl
          value={locale}
          aria-label={t("language.title")}
          onChange={(value) => speak(value === "en" ? "en" : "ru")}
          data={[
            { value: "ru", label: "Русский" },
            { value: "en", label: "English" },
          ]}
        />
      </Choice>
      <Choice label={t("theme.title")}>
        <SegmentedControl
          value={colorScheme}
          aria-label={t("theme.title")}
          onChange={(value) => setColorScheme(value as "auto" | "light" | "dark")}
          data={(["auto", "light", "dark"] as const).map((value) => ({
            value,
            label: t(`theme.${value}`),
          }))}
        />
      </Choice>
      <Choice label={t("profile.sendKey")}>
        <SegmentedControl
          value={sendKey}
          aria-label={t("profile.sendKey")}
          onChange={(value) => prefer("sendKey", value === "ctrl" ? "ctrl" : "enter")}
          data={[
            { value: "enter", label: "Enter" },
            { value: "ctrl", label: "Ctrl + Enter" },
          ]}
        />
      </Choice>
    </Section>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={css.choice}>
      <span>{label}</span>
      {children}
    </div>
  );
}
