/** In place of the field once the platform lets nobody answer: why, and what can be done. */
import { Button } from "@mantine/core";
import { Bones } from "@otklik/ui";
import { IconClockOff } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { channelTitle } from "../../../../shell/naming.ts";
import { t } from "../../../../shell/words.ts";
import css from "./composer.module.css";
import type { RouteChoice } from "./route-switch.tsx";

const TemplatePicker = lazy(() => import("./template-picker.tsx"));

export interface TemplateWish {
  name: string;
  language: string;
  parameters: string[];
  text: string;
}

interface Props {
  route: RouteChoice;
  templates: boolean;
  /** Other addresses of the contact that can be answered now. */
  others: readonly RouteChoice[];
  onChoose: (identityId: string) => void;
  onTemplate: (wish: TemplateWish) => void;
}

export function ClosedWindow({ route, templates, others, onChoose, onTemplate }: Props) {
  return (
    <div className={css.closed}>
      <p className={css.closedText}>
        <IconClockOff size={18} stroke={1.7} />
        <span>
          {t("window.closed", { channel: channelTitle(route.channel) })}{" "}
          {t(templates ? "window.closedTemplate" : "window.closedWait")}
        </span>
      </p>
      {others.length > 0 ? (
        <div className={css.closedWays}>
          {others.map((one) => (
            <Button
              key={one.identityId}
              size="xs"
              variant="default"
              onClick={() => onChoose(one.identityId)}
            >
              {t("window.toAnother", { channel: channelTitle(one.channel) })}
            </Button>
          ))}
        </div>
      ) : null}
      {templates ? (
        <Suspense fallback={<Bones rows={2} />}>
          <TemplatePicker inboxId={route.inboxId} onSend={onTemplate} />
        </Suspense>
      ) : null}
    </div>
  );
}
