/** Colleagues: who they are, what they may, and the link that lets a new one in. */
import { ActionIcon, Button, Menu, Select, TextInput } from "@mantine/core";
import type { OperatorView, Role } from "@otklik/client";
import { Bones, Face } from "@otklik/ui";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { FormWindow } from "../../../shell/form.tsx";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { Once } from "../../../shell/once.tsx";
import { useMe } from "../../../shell/session.ts";
import { Card, Cards, SettingsPage, StateWord } from "../../../shell/settings-page.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeOperator, invite, inviteAgain, operatorsQuery } from "../api.ts";

const ROLES: Role[] = ["operator", "admin", "owner"];
const refresh = () => queryClient.invalidateQueries({ queryKey: keys.operators });

/** The link as a colleague can open it; the server gives a path when it knows no address. */
function whole(link: string): string {
  return new URL(link, location.origin).href;
}

export function OperatorsPage() {
  const operators = useQuery(operatorsQuery);
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<string>();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("operators.invite")}
    </Button>
  );
  return (
    <SettingsPage title={t("settings.operators")} text={t("operators.text")} action={add}>
      {operators.isPending ? <Bones rows={3} /> : null}
      {operators.isError ? (
        <LoadFailed error={operators.error} onRetry={() => void operators.refetch()} />
      ) : null}
      {operators.data ? (
        <Cards>
          {operators.data.map((one) => (
            <OperatorCard key={one.id} operator={one} onLink={(path) => setLink(whole(path))} />
          ))}
        </Cards>
      ) : null}
      {adding ? (
        <InviteWindow onLink={(path) => setLink(whole(path))} onClose={() => setAdding(false)} />
      ) : null}
      <Once
        title={t("operators.link")}
        text={t("operators.linkText")}
        value={link}
        onClose={() => setLink(undefined)}
      />
    </SettingsPage>
  );
}

interface CardProps {
  operator: OperatorView;
  onLink: (path: string) => void;
}

function OperatorCard({ operator, onLink }: CardProps) {
  const me = useMe();
  const self = operator.id === me.operator.id;
  const act = (work: () => Promise<unknown>) => void work().then(refresh, tellFailure);
  return (
    <Card
      icon={<Face name={operator.name} seed={operator.id} size={32} />}
      title={
        <>
          {operator.name}
          {self ? <StateWord tone="calm">{t("operators.you")}</StateWord> : null}
          {operator.active ? null : <StateWord tone="bad">{t("operators.off")}</StateWord>}
        </>
      }
      text={`${operator.email || t("operators.noEmail")} · ${t(`role.${operator.role}`)}`}
      actions={
        self ? null : (
          <Menu position="bottom-end" width={230}>
            <Menu.Target>
              <ActionIcon aria-label={t("operators.more", { name: operator.name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t("operators.role")}</Menu.Label>
              {ROLES.filter((role) => role !== operator.role).map((role) => (
                <Menu.Item
                  key={role}
                  onClick={() => act(() => changeOperator(operator.id, { role }))}
                >
                  {t(`role.${role}`)}
                </Menu.Item>
              ))}
              <Menu.Divider />
              {operator.active ? (
                <Menu.Item
                  onClick={() => act(async () => onLink((await inviteAgain(operator.id)).link))}
                >
                  {t("operators.newLink")}
                </Menu.Item>
              ) : null}
              <Menu.Item
                color={operator.active ? "red" : "teal"}
                onClick={() => act(() => changeOperator(operator.id, { active: !operator.active }))}
              >
                {t(operator.active ? "operators.switchOff" : "operators.switchOn")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )
      }
    />
  );
}

interface WindowProps {
  onLink: (path: string) => void;
  onClose: () => void;
}

function InviteWindow({ onLink, onClose }: WindowProps) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      const { link } = await invite(name.trim(), email.trim(), role);
      await refresh();
      onClose();
      onLink(link);
    });
  return (
    <FormWindow
      opened
      title={t("operators.invite")}
      submit={t("operators.makeLink")}
      busy={form.busy}
      failed={form.rest("name", "email")}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput
        label={t("contact.name")}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        error={form.of("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("signIn.email")}
        type="email"
        required
        withAsterisk={false}
        value={email}
        error={form.of("email")}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Select
        label={t("operators.role")}
        description={t(`role.${role}.may`)}
        value={role}
        data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
        onChange={(value) => setRole(ROLES.find((one) => one === value) ?? "operator")}
      />
    </FormWindow>
  );
}
