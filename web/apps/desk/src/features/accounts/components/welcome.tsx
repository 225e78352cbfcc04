/** Where a one-time link leads: one click in, or the first admin's introduction. */
import { Button, TextInput } from "@mantine/core";
import type { Me } from "@otklik/client";
import { useState } from "react";
import { Password } from "../../../shell/password.tsx";
import { preference } from "../../../shell/preferences.ts";
import { signedIn } from "../../../shell/session.ts";
import { useFormFailure } from "../../../shell/use-form-failure.ts";
import { t } from "../../../shell/words.ts";
import { changeMe, signInByLink } from "../api.ts";
import css from "./gate.module.css";
import { Gate } from "./gate.tsx";

interface Props {
  token: string;
  onDone: () => void;
  onSignIn: () => void;
}

export function WelcomeScreen({ token, onDone, onSignIn }: Props) {
  const [me, setMe] = useState<Me>();
  const form = useFormFailure();
  if (me) return <Introduction me={me} onDone={onDone} />;
  const enter = () =>
    void form.run(async () => {
      const answer = await signInByLink(token);
      signedIn(answer);
      if (answer.operator.email === "") setMe(answer);
      else onDone();
    });
  const failed = form.rest();
  return (
    <Gate title={t("welcome.title")} text={t("welcome.text")} onSubmit={enter}>
      {failed ? (
        <p className={css.failed} role="alert">
          {failed}
        </p>
      ) : null}
      <Button type="submit" loading={form.busy} fullWidth autoFocus>
        {t("welcome.enter")}
      </Button>
      {failed ? (
        <Button variant="subtle" onClick={onSignIn}>
          {t("welcome.toSignIn")}
        </Button>
      ) : null}
    </Gate>
  );
}

function Introduction({ me, onDone }: { me: Me; onDone: () => void }) {
  const [name, setName] = useState(me.operator.name);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useFormFailure();
  const submit = () =>
    void form.run(async () => {
      const locale = preference("locale");
      signedIn(await changeMe({ name: name.trim(), email: email.trim(), password, locale }));
      onDone();
    });
  const failed = form.rest("name", "email", "password");
  return (
    <Gate title={t("welcome.who")} text={t("welcome.whoText")} onSubmit={submit}>
      <TextInput
        label={t("welcome.name")}
        autoComplete="name"
        required
        withAsterisk={false}
        autoFocus
        value={name}
        error={form.of("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("signIn.email")}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        error={form.of("email")}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Password
        label={t("signIn.password")}
        description={t("welcome.passwordHint")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={password}
        error={form.of("password")}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {failed ? (
        <p className={css.failed} role="alert">
          {failed}
        </p>
      ) : null}
      <Button type="submit" loading={form.busy} fullWidth>
        {t("welcome.begin")}
      </Button>
    </Gate>
  );
}
