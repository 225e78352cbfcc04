/** The shape every page of the settings has: title, a sentence, actions, content. */
import type { ReactNode } from "react";
import css from "./settings-page.module.css";

interface Props {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}

export function SettingsPage({ title, text, action, children }: Props) {
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          <h1 className={css.title}>{title}</h1>
          {text ? <p className={css.text}>{text}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A list of things in one bordered card. */
export function Cards({ children }: { children: ReactNode }) {
  return <ul className={css.cards}>{children}</ul>;
}

interface CardProps {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

export function Card({ icon, title, text, actions, children }: CardProps) {
  return (
    <li className={css.card}>
      <div className={css.row}>
        {icon}
        <div className={css.about}>
          <div className={css.name}>{title}</div>
          {text ? <div className={css.fine}>{text}</div> : null}
        </div>
        {actions ? <div className={css.actions}>{actions}</div> : null}
      </div>
      {children}
    </li>
  );
}

/** A state in one word, with its colour. */
export function StateWord({ tone, children }: { tone: "good" | "bad" | "calm"; children: string }) {
  return (
    <span className={css.state} data-tone={tone}>
      {children}
    </span>
  );
}
