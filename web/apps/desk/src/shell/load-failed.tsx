/** What stands where something should have loaded. */
import { Button } from "@mantine/core";
import { Blank } from "@otklik/ui";
import { IconCloudOff } from "@tabler/icons-react";
import { sentence } from "./failure.ts";
import { t } from "./words.ts";

export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Blank
      tone="error"
      icon={<IconCloudOff size={24} />}
      title={t("failure.title")}
      text={sentence(error)}
      action={
        <Button variant="default" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      }
    />
  );
}
