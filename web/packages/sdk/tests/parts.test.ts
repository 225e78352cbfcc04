import { expect, test } from "vitest";
import { subjectOf } from "../src/entry.ts";
import { keeper } from "../src/kept.ts";
import { pauseAfter } from "../src/line.ts";

test("pauses grow, are never longer than half a minute, and differ by chance", () => {
  expect([0, 1, 2].map((failures) => pauseAfter(failures, 1))).toEqual([1000, 2000, 4000]);
  expect(pauseAfter(40, 1)).toBe(30_000);
  expect(pauseAfter(3, 0)).toBe(4000);
});

test("proofs of one person name the same, proofs of two do not", () => {
  const proof = (claims: object) =>
    `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.m`;
  expect(subjectOf(proof({ sub: "501" }))).toBe("501");
  const vera = subjectOf(proof({ sub: "Вера?>~", iat: 1 }));
  expect(vera).not.toBe("");
  expect(subjectOf(proof({ iat: 2, sub: "Вера?>~" }))).toBe(vera);
  expect(subjectOf(proof({ sub: "Олег" }))).not.toBe(vera);
  expect(subjectOf("no proof")).toBe("");
});

test("a storage that holds something else is begun anew", async () => {
  const items = new Map([["name", "{broken"]]);
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
  };
  const keep = keeper("name", storage);
  expect(await keep.read()).toEqual({ token: "", who: "", queue: [] });
  await keep.write({ token: "v1.x", who: "", queue: [] });
  expect((await keep.read()).token).toBe("v1.x");
  await keep.clear();
  expect(items.size).toBe(0);
});
