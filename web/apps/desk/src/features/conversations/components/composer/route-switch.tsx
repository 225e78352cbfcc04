/** Where the answer goes: always visible, switched between the contact's addresses. */
import { Menu } from "@mantine/core";
import type { ConversationView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { channelTitle } from "../../../../shell/naming.ts";
import { t } from "../../../../shell/words.ts";
import css from "./composer.module.css";

export interface RouteChoice {
  identityId: string;
  inboxId: string;
  channel: string;
  inbox: string;
  name: string;
  reachable: boolean;
  /** Until when the platform lets us answer there (Unix ms); 0: no such window, or never open. */
  windowUntil: number;
}

/** The contact's addresses: first the one they wrote from last, blocked ones at the end. */
export function addressesOf({ row, contact, limits }: ConversationView): RouteChoice[] {
  const rank = (inboxId: string, reachable: boolean) =>
    (inboxId === row.inbox_id ? 0 : 1) + (reachable ? 0 : 2);
  return [...contact.identities]
    .sort(
      (one, other) =>
        rank(one.inbox_id, one.reachable) - rank(other.inbox_id, other.reachable) ||
        (other.seen_at ?? 0) - (one.seen_at ?? 0),
    )
    .map((one) => ({
      identityId: one.id,
      inboxId: one.inbox_id,
      channel: one.channel,
      inbox: limits[one.inbox_id]?.title ?? channelTitle(one.channel),
      name: one.username ? `@${one.username}` : one.name,
      reachable: one.reachable,
      windowUntil: one.window_until ?? 0,
    }));
}

interface Props {
  view: ConversationView;
  route: RouteChoice | undefined;
  onChoose: (identityId: string) => void;
}

export function RouteSwitch({ view, route, onChoose }: Props) {
  const addresses = addressesOf(view);
  if (!route) return null;
  return (
    <Menu position="top-end" width={280}>
      <Menu.Target>
        <button
          type="button"
          className={css.route}
          disabled={addresses.length < 2}
          title={t("composer.via", { name: route.inbox })}
        >
          <ChannelMark channel={route.channel} size={16} />
          <span className={css.routeName}>
            {channelTitle(route.channel)}
            {route.reachable ? "" : ` · ${t("contact.blocked")}`}
          </span>
          {addresses.length > 1 ? <IconChevronDown size={14} /> : null}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("composer.viaTitle")}</Menu.Label>
        {addresses.map((one) => (
          <Menu.Item
            key={one.identityId}
            disabled={!one.reachable}
            leftSection={<ChannelMark channel={one.channel} />}
            rightSection={one.identityId === route.identityId ? <IconCheck size={16} /> : null}
            onClick={() => onChoose(one.identityId)}
          >
            {one.inbox}
            {one.name ? ` · ${one.name}` : ""}
            {one.reachable ? "" : ` · ${t("contact.blocked")}`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
