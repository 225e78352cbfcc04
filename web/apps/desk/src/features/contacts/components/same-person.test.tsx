import { createServer, type IncomingMessage, type Server } from "node:http";
import type { ContactView, ProposalView } from "@otklik/client";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { queryClient } from "../../../shell/live.ts";
import { prefer } from "../../../shell/preferences.ts";
import { barriers, draw } from "../../../shell/testing.tsx";
import { Proposals } from "./proposals.tsx";
import { SamePerson } from "./same-person.tsx";

const PROPOSAL: ProposalView = {
  contact_id: "p2",
  name: "Вера",
  channels: ["whatsapp"],
  evidence: "C",
  reason: "phone",
  value: "+79161112233",
  doubt: "claimed",
  why_en: "Both have the phone.",
  why_ru: "В обоих местах указан телефон +79161112233.",
};

const IDENTITY = { inbox_id: "i", external_id: "7", username: "", evidence: "channel" };

const CONTACT: ContactView = {
  id: "p1",
  name: "Вера",
  locale: "ru",
  phone: "",
  phone_evidence: "",
  email: "",
  email_evidence: "",
  remark: "",
  created_at: 1,
  seen_at: 1,
  identities: [
    { ...IDENTITY, id: "a1", channel: "telegram", name: "Вера", reachable: true, seen_at: 1 },
    { ...IDENTITY, id: "a2", channel: "vk", name: "Вера Ли", reachable: true, seen_at: 1 },
  ],
  touchpoints: [],
  consents: [],
  links: [
    {
      id: "l1",
      identity_id: "a2",
      other_id: "a1",
      evidence: "A",
      reason: "phone",
      value: "+79161112233",
      by: "",
      at: 1,
      why_en: "Both have proven the phone.",
      why_ru: "Телефон подтверждён в обоих местах.",
    },
  ],
};

let server: Server;
let asked: string[];
let proposals: ProposalView[];

beforeEach(async () => {
  prefer("locale", "ru");
  queryClient.clear();
  asked = [];
  proposals = [PROPOSAL];
  server = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += String(piece);
    });
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      if (request.method === "POST") proposals = [];
      const answer = request.url?.endsWith("/split") ? CONTACT : proposals;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  location.href = `http://127.0.0.1:${port}/`;
});

afterEach(() => {
  cleanup();
  server.close();
});

it("asks whether it is one person, with the reason in the operator's language", async () => {
  const { container } = await draw(<Proposals contactId="p1" />);
  expect(await screen.findByText(PROPOSAL.why_ru)).toBeTruthy();
  expect(screen.getByText("Это один человек?")).toBeTruthy();
  expect(await barriers(container)).toEqual([]);
});

it.each([
  ["Да, объединить", "accept"],
  ["Нет", "refuse"],
])("%s is one click", async (button, deed) => {
  await draw(<Proposals contactId="p1" />);
  fireEvent.click(await screen.findByText(button));
  await waitFor(() => expect(screen.queryByText(PROPOSAL.why_ru)).toBeNull());
  expect(asked).toContain(`POST /api/v1/contacts/p1/proposals/p2/${deed}`);
});

it("says why addresses are one person, and splits them in one click", async () => {
  const { container } = await draw(<SamePerson contact={CONTACT} />);
  expect(screen.getByText("Телефон подтверждён в обоих местах.")).toBeTruthy();
  expect(await barriers(container)).toEqual([]);
  const split = screen.getByLabelText("Разделить: Telegram · Вера и ВКонтакте · Вера Ли");
  fireEvent.click(split);
  await waitFor(() => expect(asked).toContain('POST /api/v1/contacts/p1/split {"link_id":"l1"}'));
});

it("shows nothing where there is nothing to decide", async () => {
  const { container } = await draw(<SamePerson contact={{ ...CONTACT, links: [] }} />);
  expect(container.textContent).toBe("");
});
