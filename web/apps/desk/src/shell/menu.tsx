/** The menu: a rail of icons that unfolds into words where the screen is wide. */
import { Tooltip } from "@mantine/core";
import {
  IconInbox,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconSearch,
  IconSettings,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { useMedia, WIDE } from "./media.ts";
import css from "./menu.module.css";
import { prefer, usePreference } from "./preferences.ts";
import { t, type WordKey } from "./words.ts";

type Place = "/conversations" | "/search" | "/settings";

const PLACES: { to: Place; word: WordKey; icon: typeof IconInbox }[] = [
  { to: "/conversations", word: "nav.conversations", icon: IconInbox },
  { to: "/search", word: "nav.search", icon: IconSearch },
  { to: "/settings", word: "nav.settings", icon: IconSettings },
];

/** Whether the menu shows words, and so the queue needs no tabs of its own. */
export function useMenuOpen(): boolean {
  const wide = useMedia(WIDE);
  const wanted = usePreference("navOpen");
  return wide && wanted;
}

export function Menu({ onHelp, children }: { onHelp: () => void; children: ReactNode }) {
  const wide = useMedia(WIDE);
  const open = useMenuOpen();
  const Fold = open ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand;
  return (
    <nav className={css.menu} data-open={open} aria-label={t("nav.main")}>
      <div className={css.top}>
        <span className={css.mark}>
          <img src="/mark.svg" alt="" width={24} height={24} />
          <span className={css.name}>{t("app.name")}</span>
        </span>
      </div>
      <div className={css.places}>
        {PLACES.map(({ to, word, icon: Icon }) => (
          <Tooltip key={to} label={t(word)} position="right" disabled={open}>
            <Link to={to} className={css.place ?? ""} aria-label={t(word)}>
              <Icon size={20} stroke={1.6} />
              <span className={css.name}>{t(word)}</span>
            </Link>
          </Tooltip>
        ))}
      </div>
      {open ? <div className={css.more}>{children}</div> : <div className={css.gap} />}
      <div className={css.foot}>
        <AccountMenu open={open} onHelp={onHelp} />
        {wide ? (
          <button
            type="button"
            className={css.fold}
            aria-label={t(open ? "nav.fold" : "nav.unfold")}
            onClick={() => prefer("navOpen", !open)}
          >
            <Fold size={20} stroke={1.6} />
          </button>
        ) : null}
      </div>
    </nav>
  );
}
