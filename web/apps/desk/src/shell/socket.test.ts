import type { ClientFrame, DeskEvent, ServerFrame, View } from "@otklik/wire";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type WebSocket as Peer, WebSocketServer } from "ws";
import { sampleRow } from "./samples.ts";
import { backOff, DeskSocket, type Link } from "./socket.ts";

const event = (seq: number): DeskEvent => ({
  seq,
  kind: "conversation.changed",
  conversation_id: "c1",
  contact_id: "p1",
  at: seq,
  body: sampleRow(),
});

let server: WebSocketServer;
let desk: DeskSocket;
let frames: ClientFrame[];
let peers: Peer[];
let taken: number[];
let links: Link[];
let follows: [View[], number][];
let signedOut: number;

const soon = async (holds: () => boolean) => {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(holds()).toBe(true);
};
const say = (frame: ServerFrame) => peers.at(-1)?.send(JSON.stringify(frame));
const lastFollow = () => frames.findLast((frame) => frame.kind === "follow");

beforeEach(async () => {
  [frames, peers, taken, links, follows, signedOut] = [[], [], [], [], [], 0];
  server = new WebSocketServer({ port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (peer) => {
    peers.push(peer);
    peer.on("message", (text) => frames.push(JSON.parse(String(text)) as ClientFrame));
  });
  const { port } = server.address() as { port: number };
  desk = new DeskSocket({
    ticket: async () => "t",
    open: () => new WebSocket(`ws://127.0.0.1:${port}`),
    events: (events) => taken.push(...events.map((one) => one.seq)),
    typing: () => undefined,
    followed: (views, seq) => follows.push([views, seq]),
    link: (link) => links.push(link),
    signedOut: () => {
      signedOut += 1;
    },
    random: () => 0,
  });
});

afterEach(async () => {
  desk.stop();
  await new Promise((resolve) => server.close(resolve));
});

it("follows from the greeting and goes on from the last number after a break", async () => {
  desk.follow(["queue"]);
  desk.start();
  await soon(() => peers.length === 1);
  say({ kind: "hello", seq: 40 });
  await soon(() => lastFollow() !== undefined);
  expect(lastFollow()).toEqual({ kind: "follow", views: ["queue"], since: 40 });
  say({ kind: "events", seq: 43, events: [event(41), event(43)] });
  await soon(() => taken.length === 2);
  peers[0]?.terminate();
  await soon(() => peers.length === 2);
  frames.length = 0;
  say({ kind: "hello", seq: 60 });
  await soon(() => lastFollow() !== undefined);
  expect(lastFollow()).toEqual({ kind: "follow", views: ["queue"], since: 43 });
  expect(links).toContain("lost");
});

it("tells a changed set once, with the number from which the new view is exact", async () => {
  desk.follow(["queue"]);
  desk.start();
  await soon(() => peers.length === 1);
  say({ kind: "hello", seq: 5 });
  await soon(() => frames.length === 1);
  say({ kind: "events", seq: 9, events: [] });
  await new Promise((resolve) => setTimeout(resolve, 30));
  desk.follow(["queue", "conversation:c1"]);
  desk.follow(["queue", "conversation:c1"]);
  await soon(() => frames.length === 2);
  expect(frames[1]).toEqual({ kind: "follow", views: ["queue", "conversation:c1"], since: 9 });
  expect(follows).toEqual([
    [["queue"], 5],
    [["conversation:c1"], 9],
  ]);
});

it("after falling too far behind, everything is exact from the new number", async () => {
  desk.follow(["queue", "conversation:c1"]);
  desk.start();
  await soon(() => peers.length === 1);
  say({ kind: "hello", seq: 1 });
  await soon(() => frames.length === 1);
  say({ kind: "resync", seq: 900 });
  await soon(() => follows.length === 2);
  expect(follows[1]).toEqual([["queue", "conversation:c1"], 900]);
});

it("does not try again when the session ended", async () => {
  desk.start();
  await soon(() => peers.length === 1);
  peers[0]?.close(4401);
  await soon(() => signedOut === 1);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(peers.length).toBe(1);
});

it("does not wait for silence when the browser knows that the network is gone", async () => {
  desk.start();
  await soon(() => peers.length === 1);
  dispatchEvent(new Event("offline"));
  expect(links.at(-1)).toBe("lost");
  dispatchEvent(new Event("online"));
  await soon(() => peers.length === 2);
});

it("waits longer after each failure, but never too long", () => {
  expect(backOff(0, () => 0)).toBe(250);
  expect(backOff(0, () => 1)).toBe(750);
  expect(backOff(3, () => 1)).toBe(4250);
  expect(backOff(50, () => 1)).toBe(20_250);
});
