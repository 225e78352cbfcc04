/** A field for a secret, whose eye has a name in the operator's language. */
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { t } from "./words.ts";

export function Password(props: PasswordInputProps) {
  return (
    <PasswordInput
      visibilityToggleButtonProps={{ "aria-label": t("action.showPassword") }}
      {...props}
    />
  );
}
