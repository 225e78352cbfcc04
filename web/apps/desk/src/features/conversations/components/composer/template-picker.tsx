/** Choosing a message the platform approved beforehand, filling its gaps, and seeing the result. */
import { Button, Select, TextInput } from "@mantine/core";
import { Bones } from "@otklik/ui";
import { IconSend2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "../../../../shell/words.ts";
import { templatesQuery } from "../../../inboxes/index.ts";
import { templateText } from "../../template-text.ts";
import type { TemplateWish } from "./closed-window.tsx";
import css from "./composer.module.css";

interface Props {
  inboxId: string;
  onSend: (wish: TemplateWish) => void;
}

export default function TemplatePicker({ inboxId, onSend }: Props) {
  const { data, isPending } = useQuery(templatesQuery(inboxId));
  const [chosen, setChosen] = useState<string | null>(null);
  const [parameters, setParameters] = useState<string[]>([]);
  if (isPending) return <Bones rows={2} />;
  // A file in the header has to be chosen too: the API sends such templates.
  const known = (data ?? []).filter((one) => one.sendable && one.header === "");
  if (known.length === 0) return <p className={css.hint}>{t("templates.none")}</p>;
  const keyOf = (one: { name: string; language: string }) => `${one.name} · ${one.language}`;
  const template = known.find((one) => keyOf(one) === chosen);
  const text = template ? templateText(template, parameters) : "";
  const ready = template?.variables.every((_, place) => parameters[place]?.trim());
  const fill = (place: number, value: string) =>
    setParameters((old) => Object.assign([...old], { [place]: value }));
  return (
    <div className={css.template}>
      <Select
        aria-label={t("templates.choose")}
        placeholder={t("templates.choose")}
        searchable
        data={known.map(keyOf)}
        value={chosen}
        onChange={(next) => {
          setChosen(next);
          setParameters([]);
        }}
      />
      <div className={css.gaps}>
        {template?.variables.map((one, place) => (
          <TextInput
            key={one.slot}
            label={t("templates.variable", { n: place + 1 })}
            placeholder={one.example ?? ""}
            value={parameters[place] ?? ""}
            onChange={(event) => fill(place, event.currentTarget.value)}
          />
        ))}
      </div>
      {template ? (
        <>
          <p className={css.hint}>{t("templates.preview")}</p>
          <p className={css.part}>{text}</p>
          <Button
            size="xs"
            disabled={!ready}
            rightSection={<IconSend2 size={16} />}
            onClick={() =>
              onSend({
                name: template.name,
                language: template.language,
                parameters: template.variables.map((_, place) => parameters[place]?.trim() ?? ""),
                text,
              })
            }
          >
            {t("templates.send")}
          </Button>
        </>
      ) : null}
    </div>
  );
}
