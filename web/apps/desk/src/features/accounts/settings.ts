/** What accounts give to the settings. */
export { ApiKeysPage } from "./components/api-keys-page.tsx";
export { OperatorsPage } from "./components/operators-page.tsx";
export { ProfilePage } from "./components/profile-page.tsx";
