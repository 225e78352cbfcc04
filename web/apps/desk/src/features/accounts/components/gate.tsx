/** The card in the middle of the screens before the sign-in. */
import { SegmentedControl } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { prefer, usePreference } from "../../../shell/preferences.ts";
import { t } from "../../../shell/words.ts";
import css from "./gate.module.css";

interface Props {
  title: string;
  text?: string | undefined;
  onSubmit: () => void;
  children: ReactNode;
}

export function Gate({ title, text, onSubmit, children }: Props) {
  const locale = usePreference("locale");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className={css.gate}>
      <form className={css.card} onSubmit={submit}>
        <span className={css.brand}>
          <img src="/mark.svg" alt="" width={32} height={32} />
          {t("app.name")}
        </span>
        <h1 className={css.title}>{title}</h1>
        {text ? <p className={css.text}>{text}</p> : null}
        {children}
      </form>
      <SegmentedControl
        size="xs"
        value={locale}
        aria-label={t("language.title")}
        onChange={(value) => prefer("locale", value === "en" ? "en" : "ru")}
        data={[
          { value: "ru", label: "Русский" },
          { value: "en", label: "English" },
        ]}
      />
    </main>
  );
}
