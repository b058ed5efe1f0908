// A test with a page of its own: what the browser complains about fails it, and a failure leaves a
// picture in CHAIQIN_PORTAL_SHOTS, if that is set.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { portalUrl, withBrowser } from "./browser.mjs";

const PATIENCE_MS = 15_000;
// A refused request is not a fault of the page; a violated policy or a thrown error is.
const isExpected = (text) => text.startsWith("Failed to load resource");

async function keepPicture(page, name) {
  const folder = process.env.CHAIQIN_PORTAL_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "_").slice(0, 80)}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: true }).catch(() => {});
}

export function portalTests() {
  const held = withBrowser();
  return (name, run, { viewport = { width: 1280, height: 900 }, proxy } = {}) =>
    test(name, async () => {
      const context = await held.browser.newContext({
        baseURL: portalUrl(),
        locale: "zh-TW",
        timezoneId: "Asia/Taipei",
        viewport,
        proxy: proxy?.(),
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const complaints = [];
      context.on("console", (message) => {
        if (message.type() === "error" && !isExpected(message.text()))
          complaints.push(message.text());
      });
      context.on("weberror", (error) => complaints.push(String(error.error())));
      const page = await context.newPage();
      try {
        await run(page, context);
        assert.deepEqual(complaints, []);
      } catch (failure) {
        await keepPicture(page, name);
        throw failure;
      } finally {
        await context.close();
      }
    });
}
