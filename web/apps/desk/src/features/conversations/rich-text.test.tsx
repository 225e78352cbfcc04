import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { linkTarget, RichText, safeAddress } from "./rich-text.tsx";

describe("formatted text", () => {
  it("draws nested spans by UTF-16 offsets", () => {
    const entities = [
      { kind: "bold", offset: 3, length: 7 },
      { kind: "italic", offset: 7, length: 3 },
    ];
    const { container } = render(<RichText text="🎉 ура ура!" entities={entities} />);
    expect(container.querySelector("strong")?.textContent).toBe("ура ура");
    expect(container.querySelector("strong em")?.textContent).toBe("ура");
    expect(container.textContent).toBe("🎉 ура ура!");
  });

  it("never runs what people write", () => {
    const text = `<img src=x onerror="alert(1)"><script>alert(1)</script>`;
    const { container } = render(<RichText text={text} />);
    expect(container.querySelector("img, script")).toBeNull();
    expect(container.textContent).toBe(text);
  });

  it("links bare addresses without the full stop after them", () => {
    render(<RichText text="Смотрите https://a.test/x?y=1." />);
    const link = screen.getByRole("link");
    expect(link.getAttribute("href")).toBe("https://a.test/x?y=1");
    expect(link.getAttribute("rel")).toContain("noopener");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "nonsense", ""])(
    "does not lead to %s",
    (address) => {
      expect(safeAddress(address)).toBeUndefined();
      expect(linkTarget({ kind: "link", offset: 0, length: 1, url: address }, "x")).toBeUndefined();
    },
  );

  it("keeps entities that lie outside of the text from breaking it", () => {
    const entities = [
      { kind: "bold", offset: 90, length: 5 },
      { kind: "bold", offset: -2, length: 5 },
      { kind: "italic", offset: 2, length: 99 },
    ];
    const { container } = render(<RichText text="коротко" entities={entities} />);
    expect(container.textContent).toBe("коротко");
  });
});
