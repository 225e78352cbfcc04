import { Icon, type IconName } from "./icons";

interface ToolProps {
  icon: IconName;
  label: string;
  act(): unknown;
  off?: boolean;
  expanded?: boolean;
}

/** A button that is an icon; its name is for those who do not see it. */
export function Tool({ icon, label, act, off = false, expanded }: ToolProps) {
  return (
    <button
      type="button"
      class={`tool ${icon}`}
      aria-label={label}
      {...(expanded !== undefined && { "aria-expanded": expanded })}
      disabled={off}
      onClick={() => void act()}
    >
      <Icon name={icon} />
    </button>
  );
}
