/** Sign-in with e-mail and password. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Password } from "../../../shell/password.tsx";
import { signedIn } from "../../../shell/session.ts";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { signIn } from "../api.ts";
import css from "./gate.module.css";
import { Gate } from "./gate.tsx";

interface Props {
  /** The session ended while somebody worked. */
  expired: boolean;
  onDone: () => void;
}

export function SignInScreen({ expired, onDone }: Props) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useFormFailure();
  const submit = () =>
    void form.run(async () => {
      signedIn(await signIn(email.trim(), password));
      onDone();
    });
  const failed = form.rest("email");
  return (
    <Gate
      title={t("signIn.title")}
      text={expired ? t("signIn.expired") : undefined}
      onSubmit={submit}
    >
      <TextInput
        label={t("signIn.email")}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        error={form.of("email")}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Password
        label={t("signIn.password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {failed ? (
        <p className={css.failed} role="alert">
          {failed}
        </p>
      ) : null}
      <Button type="submit" loading={form.busy} fullWidth>
        {t("signIn.submit")}
      </Button>
    </Gate>
  );
}
