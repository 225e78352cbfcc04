import { describe, expect, it } from "vitest";
import { deviceOf, touchOf } from "./touch";

const page = (url: string, referrer = "") => ({ url, title: "Улуны", referrer });

describe("where a visitor came from", () => {
  it("is the campaign the visit began with, on the page they write from", () => {
    const touch = touchOf(
      {
        page: page("https://tea.example/cart", "https://tea.example/"),
        landing: page(
          "https://tea.example/?utm_source=list&utm_campaign=осень&x=1",
          "https://a.example/",
        ),
      },
      "",
    );
    expect(touch).toEqual({
      url: "https://tea.example/cart",
      title: "Улуны",
      referrer: "https://a.example/",
      device: "desktop",
      utm_source: "list",
      utm_campaign: "осень",
    });
  });

  it("is cut to what the protocol takes", () => {
    const long = page(`https://tea.example/?utm_source=${"a".repeat(5000)}`);
    const touch = touchOf({ page: long, landing: long }, "");
    expect(touch.url).toHaveLength(2000);
    expect(touch.utm_source).toHaveLength(200);
  });

  it("survives a page without a proper address", () => {
    const none = page("about:srcdoc");
    expect(touchOf({ page: none, landing: page("") }, "").url).toBe("about:srcdoc");
  });
});

describe("the device", () => {
  it.each([
    [
      "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
      "phone · Android · Chrome",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
      "phone · iOS · Safari",
    ],
    ["Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Safari/604.1", "tablet · iOS · Safari"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 YaBrowser/25.1 Safari/537.36",
      "desktop · Windows · Yandex",
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      "desktop · Linux · Firefox",
    ],
  ])("is told in three words", (agent, words) => expect(deviceOf(agent)).toBe(words));
});
