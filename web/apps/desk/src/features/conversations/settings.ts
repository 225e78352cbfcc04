/** What conversations give to the settings. */
export { LabelsPage } from "./components/labels-page.tsx";
