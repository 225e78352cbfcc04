import { describe, expect, it } from "vitest";
import { inOrder, skinOf } from "./skins";

describe("skins", () => {
  it("lie on a telephone in one order, unknown messengers last", () => {
    const ids = inOrder(["email", "heron", "vk", "telegram"].map((id) => ({ id })));
    expect(ids.map(({ id }) => id)).toEqual(["telegram", "vk", "email", "heron"]);
  });

  it("give a messenger nobody has drawn a plain chat", () => {
    expect(skinOf("heron")).toMatchObject({ layout: "chat", time: "inside", glyph: "bubble" });
    expect(skinOf("email").layout).toBe("mail");
    expect(skinOf("webpush").layout).toBe("lock");
  });
});
