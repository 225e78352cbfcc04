/** The frame around every screen: menu, connection banner, news for screen readers. */
import { Toasts } from "@otklik/ui";
import { Outlet } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import css from "./frame.module.css";
import { holdKeysFor } from "./held-keys.ts";
import { useCommand } from "./keymap.ts";
import { LinkBanner } from "./link-banner.tsx";
import { LiveRegion } from "./live-region.tsx";
import { ShortcutList } from "./shortcut-list.tsx";

export function Frame({
  menu,
  children,
}: {
  menu: (help: () => void) => ReactNode;
  children?: ReactNode;
}) {
  const [help, setHelp] = useState(false);
  useCommand("help", () => {
    holdKeysFor("help");
    setHelp(true);
  });
  return (
    <div className={css.frame}>
      {menu(() => setHelp(true))}
      <main className={css.main}>
        <LinkBanner />
        <div className={css.screen}>
          <Outlet />
        </div>
      </main>
      {children}
      <ShortcutList opened={help} onClose={() => setHelp(false)} />
      <LiveRegion />
      <Toasts />
    </div>
  );
}
