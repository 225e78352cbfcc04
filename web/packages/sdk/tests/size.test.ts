// @vitest-environment node
import { resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";

const MOST_BYTES = 6_000;

test("the library is small and brings nothing along", async () => {
  const built = await build({
    root: resolve(import.meta.dirname, ".."),
    logLevel: "silent",
    build: { write: false },
  });
  const [output] = [built].flat() as Rollup.RollupOutput[];
  expect(output?.output).toHaveLength(1);
  const code = output?.output[0].code ?? "";
  expect(code).not.toMatch(/\bimport\b/);
  expect(code).toContain("connect");
  expect(brotliCompressSync(code).length).toBeLessThan(MOST_BYTES);
});
