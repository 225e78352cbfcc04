/** Settings: a list at the left, the chosen part at the right. */
export function SettingsScreen() {
  return null;
}
export function SettingsHome() {
  return null;
}
export function SettingsPart() {
  return null;
}
