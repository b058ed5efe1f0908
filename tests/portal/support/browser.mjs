// One Chromium for a test file. CHAIQIN_CHROMIUM names another program than Debian's.
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The portal under test, for example http://127.0.0.1:8800; no default, so that none is guessed. */
export function portalUrl() {
  const url = process.env.CHAIQIN_PORTAL_URL;
  if (!url) throw new Error("CHAIQIN_PORTAL_URL names the portal under test");
  return url.replace(/\/$/, "");
}

export function launch(flags = []) {
  const executablePath = process.env.CHAIQIN_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** Starts the browser before the tests of this file and ends it after them. */
export function withBrowser() {
  const held = { browser: null };
  before(async () => {
    held.browser = await launch();
  });
  after(() => held.browser?.close());
  return held;
}
