/** API keys: what each may do, when it was last used, and the way to revoke it. */
import { ActionIcon, Button, Checkbox, Menu, TextInput } from "@mantine/core";
import type { ApiKeyView } from "@otklik/client";
import { Blank, Bones } from "@otklik/ui";
import { IconKey, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { FormWindow } from "../../../shell/form.tsx";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { Once } from "../../../shell/once.tsx";
import { useMe } from "../../../shell/session.ts";
import { Card, Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { moment } from "../../../shell/time.ts";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { isWord, t } from "../../../shell/words.ts";
import { apiKeysQuery, makeKey, revokeKey } from "../api.ts";
import css from "./api-keys-page.module.css";

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.apiKeys });

function scopeName(scope: string): string {
  const key = `scope.${scope}`;
  return isWord(key) ? t(key) : scope;
}

export function ApiKeysPage() {
  const apiKeys = useQuery(apiKeysQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("keys.add")}
    </Button>
  );
  return (
    <SettingsPage title={t("settings.keys")} text={t("apiKeys.text")} action={add}>
      {apiKeys.isPending ? <Bones rows={3} /> : null}
      {apiKeys.isError ? (
        <LoadFailed error={apiKeys.error} onRetry={() => void apiKeys.refetch()} />
      ) : null}
      {apiKeys.data?.length === 0 ? (
        <Blank
          icon={<IconKey size={24} stroke={1.6} />}
          title={t("apiKeys.none")}
          text={t("apiKeys.noneText")}
        />
      ) : null}
      {apiKeys.data && apiKeys.data.length > 0 ? (
        <Cards>
          {apiKeys.data.map((one) => (
            <KeyCard key={one.id} apiKey={one} />
          ))}
        </Cards>
      ) : null}
      {adding ? <KeyWindow onMade={setMade} onClose={() => setAdding(false)} /> : null}
      <Once
        title={t("apiKeys.made")}
        text={t("apiKeys.madeText")}
        value={made}
        onClose={() => setMade(undefined)}
      />
    </SettingsPage>
  );
}

function KeyCard({ apiKey }: { apiKey: ApiKeyView }) {
  const used =
    apiKey.last_used_at === null
      ? t("apiKeys.unused")
      : t("apiKeys.used", { when: moment(apiKey.last_used_at, "full") });
  return (
    <Card
      title={apiKey.title}
      text={`${apiKey.prefix}… · ${used} · ${apiKey.scopes.map(scopeName).join(", ")}`}
      actions={
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t("apiKeys.revoke", { title: apiKey.title })}>
              <IconTrash size={18} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              color="red"
              onClick={() => void revokeKey(apiKey.id).then(refresh, tellFailure)}
            >
              {t("apiKeys.revoke", { title: apiKey.title })}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      }
    />
  );
}

interface WindowProps {
  onMade: (key: string) => void;
  onClose: () => void;
}

function KeyWindow({ onMade, onClose }: WindowProps) {
  const { scopes } = useMe();
  const given = scopes.filter((scope) => scope !== "account");
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<string[]>(["conversations:read"]);
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      const { key } = await makeKey(
        title.trim(),
        given.filter((scope) => chosen.includes(scope)),
      );
      await refresh();
      onClose();
      onMade(key);
    });
  return (
    <FormWindow
      opened
      title={t("keys.add")}
      submit={t("action.create")}
      busy={form.busy}
      failed={form.rest("title")}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput
        label={t("apiKeys.title")}
        placeholder={t("apiKeys.titleHint")}
        required
        withAsterisk={false}
        data-autofocus
        value={title}
        error={form.of("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Checkbox.Group label={t("apiKeys.scopes")} value={chosen} onChange={setChosen}>
        <div className={css.scopes}>
          {given.map((scope) => (
            <Checkbox key={scope} size="xs" value={scope} label={scopeName(scope)} />
          ))}
        </div>
      </Checkbox.Group>
    </FormWindow>
  );
}
