/** The account's labels. */
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import type { LabelColor, LabelView } from "@otklik/client";
import { Blank, Bones, LABEL_COLORS, LabelDot } from "@otklik/ui";
import { IconPencil, IconPlus, IconTag, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { FormWindow } from "../../../shell/form.tsx";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { Card, Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeLabel, createLabel, deleteLabel, labelsQuery } from "../api.ts";
import css from "./labels-page.module.css";

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.labels });

export function LabelsPage() {
  const labels = useQuery(labelsQuery);
  const [edited, setEdited] = useState<Partial<LabelView>>();
  const remove = async (id: string) => {
    try {
      await deleteLabel(id);
      await refresh();
    } catch (error) {
      tellFailure(error);
    }
  };
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited({})}>
      {t("settings.addLabel")}
    </Button>
  );
  return (
    <SettingsPage title={t("settings.labels")} text={t("settings.labelsText")} action={add}>
      {labels.isPending ? <Bones rows={3} /> : null}
      {labels.isError ? (
        <LoadFailed error={labels.error} onRetry={() => void labels.refetch()} />
      ) : null}
      {labels.data?.length === 0 ? (
        <Blank
          icon={<IconTag size={24} stroke={1.6} />}
          title={t("settings.noLabels")}
          text={t("settings.noLabelsText")}
        />
      ) : null}
      {labels.data && labels.data.length > 0 ? (
        <Cards>
          {labels.data.map((label) => (
            <Card
              key={label.id}
              icon={<LabelDot color={label.color} />}
              title={label.title}
              actions={<LabelActions label={label} onEdit={setEdited} onDelete={remove} />}
            />
          ))}
        </Cards>
      ) : null}
      {edited ? <LabelWindow label={edited} onClose={() => setEdited(undefined)} /> : null}
    </SettingsPage>
  );
}

interface ActionsProps {
  label: LabelView;
  onEdit: (label: LabelView) => void;
  onDelete: (id: string) => Promise<void>;
}

function LabelActions({ label, onEdit, onDelete }: ActionsProps) {
  return (
    <>
      <ActionIcon aria-label={`${t("action.edit")}: ${label.title}`} onClick={() => onEdit(label)}>
        <IconPencil size={18} stroke={1.6} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`${t("action.delete")}: ${label.title}`}>
            <IconTrash size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" onClick={() => void onDelete(label.id)}>
            {t("settings.deleteLabel", { title: label.title })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function LabelWindow({ label, onClose }: { label: Partial<LabelView>; onClose: () => void }) {
  const [title, setTitle] = useState(label.title ?? "");
  const [color, setColor] = useState<LabelColor>(
    LABEL_COLORS.find((one) => one === label.color) ?? "teal",
  );
  const form = useFormFailure();
  const save = () =>
    void form.run(async () => {
      if (label.id) await changeLabel(label.id, { title: title.trim(), color });
      else await createLabel(title.trim(), color);
      await refresh();
      onClose();
    });
  return (
    <FormWindow
      opened
      title={t(label.id ? "settings.editLabel" : "settings.addLabel")}
      submit={t("action.save")}
      busy={form.busy}
      failed={form.rest("title")}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput
        label={t("settings.labelTitle")}
        value={title}
        error={form.of("title")}
        required
        withAsterisk={false}
        data-autofocus
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <div className={css.colors} role="radiogroup" aria-label={t("settings.labelColor")}>
        {LABEL_COLORS.map((name) => (
          <label key={name} className={css.color} data-picked={name === color}>
            <input
              type="radio"
              name="color"
              className="visually-hidden"
              aria-label={name}
              checked={name === color}
              onChange={() => setColor(name)}
            />
            <LabelDot color={name} />
          </label>
        ))}
      </div>
    </FormWindow>
  );
}
