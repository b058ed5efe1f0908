// WCAG 2.1 A and AA, as axe can see them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

export async function complaintsOfAxe(page) {
  // evaluate runs outside the page's content security policy, a script element would not.
  await page.evaluate(source);
  return page.evaluate(async (values) => {
    const result = await globalThis.axe.run(document, { runOnly: { type: "tag", values } });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" ")}`);
  }, TAGS);
}

export async function assertAccessible(page) {
  assert.deepEqual(await complaintsOfAxe(page), []);
}
