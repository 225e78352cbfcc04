/** Settings: a list at the left, the chosen part at the right; on a phone one after the other. */
import type { Scope } from "@otklik/client";
import {
  IconAlertTriangle,
  IconKey,
  IconPlugConnected,
  IconTags,
  IconUser,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react";
import { getRouteApi, Link, Navigate, Outlet, useLocation } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { ApiKeysPage, OperatorsPage, ProfilePage } from "./features/accounts/settings.ts";
import { LabelsPage } from "./features/conversations/settings.ts";
import { InboxesPage } from "./features/inboxes/settings.ts";
import { DeadLettersPage } from "./features/log/index.ts";
import { WebhooksPage } from "./features/webhooks/index.ts";
import css from "./settings.module.css";
import { NotFound } from "./shell/dead-ends.tsx";
import { PAIR, useMedia } from "./shell/media.ts";
import { useMe } from "./shell/session.ts";
import { t, type WordKey } from "./shell/words.ts";

interface Part {
  id: string;
  word: WordKey;
  icon: typeof IconUser;
  scope?: Scope;
  page: ComponentType;
}

const PARTS: Part[] = [
  {
    id: "inboxes",
    word: "settings.inboxes",
    icon: IconPlugConnected,
    scope: "inboxes:read",
    page: InboxesPage,
  },
  { id: "labels", word: "settings.labels", icon: IconTags, page: LabelsPage },
  {
    id: "operators",
    word: "settings.operators",
    icon: IconUsers,
    scope: "account",
    page: OperatorsPage,
  },
  { id: "keys", word: "settings.keys", icon: IconKey, scope: "account", page: ApiKeysPage },
  {
    id: "webhooks",
    word: "settings.webhooks",
    icon: IconWebhook,
    scope: "webhooks",
    page: WebhooksPage,
  },
  {
    id: "log",
    word: "settings.log",
    icon: IconAlertTriangle,
    scope: "log:read",
    page: DeadLettersPage,
  },
  { id: "profile", word: "settings.profile", icon: IconUser, page: ProfilePage },
];

const partRoute = getRouteApi("/desk/settings/$part");

function useParts(): Part[] {
  const { scopes } = useMe();
  return PARTS.filter((part) => part.scope === undefined || scopes.includes(part.scope));
}

export function SettingsScreen() {
  const parts = useParts();
  const open = useLocation({ select: ({ pathname }) => pathname !== "/settings" });
  const pair = useMedia(PAIR);
  return (
    <div className={css.screen}>
      {pair || !open ? (
        <nav className={css.list} aria-label={t("nav.settings")}>
          <h1 className={css.title}>{t("nav.settings")}</h1>
          {parts.map(({ id, word, icon: Icon }) => (
            <Link key={id} to="/settings/$part" params={{ part: id }} className={css.link ?? ""}>
              <Icon size={18} stroke={1.6} />
              {t(word)}
            </Link>
          ))}
        </nav>
      ) : null}
      {pair || open ? (
        <div className={css.page}>
          {pair ? null : (
            <Link to="/settings" className={css.back ?? ""}>
              ← {t("nav.settings")}
            </Link>
          )}
          <Outlet />
        </div>
      ) : null}
    </div>
  );
}

export function SettingsHome() {
  const pair = useMedia(PAIR);
  const first = useParts()[0];
  return pair && first ? (
    <Navigate to="/settings/$part" params={{ part: first.id }} replace />
  ) : null;
}

export function SettingsPart() {
  const { part } = partRoute.useParams();
  const Page = useParts().find((one) => one.id === part)?.page;
  return Page ? <Page /> : <NotFound />;
}
