/** A template with its gaps filled: what the customer will read. */
import type { TemplateView } from "@otklik/client";

const GAP = /\{\{\s*(\w{1,60})\s*\}\}/g;

/** Fill the gaps of a template in the order of its variables; an empty one shows its number. */
export function templateText(template: TemplateView, parameters: readonly string[]): string {
  const values = new Map(
    template.variables.map((one, place) => [one.slot, parameters[place]?.trim() ?? ""]),
  );
  const filled = (where: string, text: string) =>
    text.replace(GAP, (gap, name: string) => values.get(`${where}.${name}`) || gap);
  return [filled("header", template.title), filled("body", template.body), template.footer]
    .filter((part) => part !== "")
    .join("\n\n");
}
