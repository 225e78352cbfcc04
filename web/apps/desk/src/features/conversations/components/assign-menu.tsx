/** Whose conversation this is, and to whom it may go. */
import { Button, Menu } from "@mantine/core";
import type { QueueRow } from "@otklik/client";
import { Face, Key } from "@otklik/ui";
import { IconCheck, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { holdKeysFor } from "../../../shell/held-keys.ts";
import { useCommand } from "../../../shell/keymap.ts";
import { useMe } from "../../../shell/session.ts";
import { t } from "../../../shell/words.ts";
import { operatorsQuery } from "../../accounts/index.ts";
import { assign } from "../changes.ts";
import css from "./assign-menu.module.css";

export function AssignMenu({ row }: { row: QueueRow }) {
  const me = useMe();
  const { data: operators = [me.operator] } = useQuery(operatorsQuery);
  const [opened, setOpened] = useState(false);
  const give = (id: string | null) => void assign(row.id, id).catch(() => undefined);
  useCommand("assign", () => {
    holdKeysFor("assign");
    setOpened(true);
  });
  useCommand("take", () => give(me.operator.id));
  const owner = operators.find((one) => one.id === row.operator_id);
  const colleagues = operators.filter((one) => one.active && one.id !== me.operator.id);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          size="xs"
          variant={owner ? "default" : "light"}
          className={css.button ?? ""}
          aria-label={
            owner ? t("conversation.owner", { name: owner.name }) : t("conversation.nobody")
          }
          leftSection={
            owner ? (
              <Face name={owner.name} seed={owner.id} size={24} />
            ) : (
              <IconUserPlus size={16} />
            )
          }
        >
          <span className={css.name}>{owner?.name ?? t("conversation.nobody")}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown data-opened-by="assign">
        <Menu.Item
          leftSection={<Face name={me.operator.name} seed={me.operator.id} size={24} />}
          rightSection={row.operator_id === me.operator.id ? <IconCheck size={16} /> : <Key>I</Key>}
          onClick={() => give(me.operator.id)}
        >
          {t("keys.take")}
        </Menu.Item>
        {colleagues.length > 0 ? <Menu.Label>{t("conversation.colleagues")}</Menu.Label> : null}
        {colleagues.map((one) => (
          <Menu.Item
            key={one.id}
            leftSection={<Face name={one.name} seed={one.id} size={24} />}
            rightSection={row.operator_id === one.id ? <IconCheck size={16} /> : null}
            onClick={() => give(one.id)}
          >
            {one.name}
          </Menu.Item>
        ))}
        {row.operator_id ? (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconUserOff size={16} />} onClick={() => give(null)}>
              {t("conversation.unassign")}
            </Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
