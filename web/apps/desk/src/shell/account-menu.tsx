/** Behind the operator's own face: theme, language, shortcuts, the way out. */
import { Menu, useMantineColorScheme } from "@mantine/core";
import { ask } from "@otklik/client";
import { Face, Key } from "@otklik/ui";
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import css from "./account-menu.module.css";
import { tellFailure } from "./failure.ts";
import { leave } from "./leave.ts";
import { socket } from "./link.ts";
import { prefer, usePreference } from "./preferences.ts";
import { useMe } from "./session.ts";
import { t } from "./words.ts";

const SCHEMES = [
  { value: "auto", icon: IconDeviceDesktop },
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
] as const;

export function AccountMenu({ open, onHelp }: { open: boolean; onHelp: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const locale = usePreference("locale");
  const signOut = async () => {
    // The server closes the socket of a session that ended: that is no expiry to speak of.
    socket.stop();
    try {
      await ask("POST", "/api/v1/sign-out");
      leave();
    } catch (error) {
      socket.start();
      tellFailure(error);
    }
  };
  return (
    <Menu position="right-end" width={220}>
      <Menu.Target>
        <button
          type="button"
          className={css.button}
          aria-label={open ? undefined : t("nav.account")}
        >
          <Face name={me.operator.name} seed={me.operator.id} size={32} />
          {open ? <span className={css.name}>{me.operator.name}</span> : null}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.operator.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={16} />}
          onClick={() => void navigate({ to: "/settings/$part", params: { part: "profile" } })}
        >
          {t("nav.account")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} />}
          rightSection={<Key>?</Key>}
          onClick={onHelp}
        >
          {t("nav.help")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("theme.title")}</Menu.Label>
        {SCHEMES.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value ? <IconCheck size={16} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {t(`theme.${value}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => prefer("locale", locale === "ru" ? "en" : "ru")}>
          {locale === "ru" ? "English" : "Русский"}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("action.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
