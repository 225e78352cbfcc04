/** A part of the queue with nobody in it. */
import { Button } from "@mantine/core";
import { Blank } from "@otklik/ui";
import { IconFilterOff, IconInbox, IconMoodSmile } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { t } from "../../../shell/words.ts";
import { filterOf, type QueueSearch } from "../model.ts";

export function QueueEmpty({ search }: { search: QueueSearch }) {
  const { view } = filterOf(search);
  if (search.label || search.channel) {
    return (
      <Blank
        icon={<IconFilterOff size={24} stroke={1.6} />}
        title={t("queue.emptyFilter")}
        text={t("queue.emptyFilterText")}
        action={
          <Link to="/conversations" search={{ view }}>
            <Button component="span" variant="light">
              {t("queue.clearFilter")}
            </Button>
          </Link>
        }
      />
    );
  }
  if (view === "all") {
    return (
      <Blank
        icon={<IconInbox size={24} stroke={1.6} />}
        title={t("queue.emptyAll")}
        text={t("queue.emptyAllText")}
        action={
          <Link to="/settings/$part" params={{ part: "inboxes" }}>
            <Button component="span" variant="light">
              {t("queue.connect")}
            </Button>
          </Link>
        }
      />
    );
  }
  return (
    <Blank
      icon={<IconMoodSmile size={24} stroke={1.6} />}
      title={t(`queue.empty.${view}`)}
      text={t(`queue.emptyText.${view}`)}
    />
  );
}
