// Put what was built in place at one stroke, so that a running server never serves half of it.
import { existsSync, renameSync, rmSync } from "node:fs";

const [built, old, place] = ["node_modules/.build", "node_modules/.old", "dist"];
rmSync(old, { recursive: true, force: true });
if (existsSync(place)) renameSync(place, old);
renameSync(built, place);
rmSync(old, { recursive: true, force: true });
