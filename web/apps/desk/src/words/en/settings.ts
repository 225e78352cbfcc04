/** English words of the sign-in and the settings. */
export const settings = {
  "signIn.title": "Sign in",
  "signIn.email": "E-mail",
  "signIn.password": "Password",
  "signIn.submit": "Sign in",
  "signIn.expired":
    "You were signed out because you were away for long. Sign in to go on where you were.",
  "welcome.title": "Welcome",
  "welcome.text": "This link signs you in once.",
  "welcome.enter": "Come in",
  "welcome.toSignIn": "Sign in with a password",
  "welcome.who": "Let’s get acquainted",
  "welcome.whoText": "You are the first here, so you are the owner of the account.",
  "welcome.name": "Your name",
  "welcome.passwordHint": "At least 10 characters; a phrase is easiest to remember.",
  "welcome.begin": "Start working",
} as const;
