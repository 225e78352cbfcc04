/** Screens for addresses that lead nowhere and screens that broke. */
import { Button } from "@mantine/core";
import { Blank } from "@otklik/ui";
import { IconBug, IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import css from "./dead-ends.module.css";
import { t } from "./words.ts";

export function NotFound() {
  return (
    <div className={css.whole}>
      <Blank
        icon={<IconMapPinOff size={24} stroke={1.6} />}
        title={t("failure.notFound")}
        action={
          <Link to="/conversations">
            <Button component="span" variant="default">
              {t("failure.toQueue")}
            </Button>
          </Link>
        }
      />
    </div>
  );
}

export function Broken() {
  return (
    <Blank
      tone="error"
      icon={<IconBug size={24} stroke={1.6} />}
      title={t("failure.screen")}
      text={t("failure.screenText")}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t("failure.reload")}
        </Button>
      }
    />
  );
}
