/** The door of accounts. */
export { operatorsQuery } from "./api.ts";
export { SignInScreen } from "./components/sign-in.tsx";
export { WelcomeScreen } from "./components/welcome.tsx";
