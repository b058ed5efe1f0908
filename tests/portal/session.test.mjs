import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const checkPage = `/a/${PEOPLE.clerk.agency}/check`;
const sampleFile = async (page) => ({
  name: "kept.json",
  mimeType: "application/json",
  buffer: Buffer.from(await (await page.request.get("/api/v1/format/sample")).text()),
});

portalTest("after a new login the page goes on with the files chosen before", async (page) => {
  await logInAs(page, PEOPLE.clerk, checkPage);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([await sampleFile(page)]);
  await page.context().clearCookies({ name: "__Host-chaiqin" });
  await page.getByRole("button", { name: "開始檢核" }).click();
  const dialog = page.getByRole("dialog", { name: "請重新登入" });
  await dialog.waitFor();
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  assert.equal(await dialog.isVisible(), true);
  const opened = page.waitForEvent("popup");
  await dialog.getByRole("button", { name: "重新登入" }).click();
  const popup = await opened;
  const button = popup.getByRole("button", { name: PEOPLE.clerk.button });
  await Promise.race([
    button.click().catch(() => {}),
    popup.waitForEvent("close").catch(() => {}),
  ]);
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "移除 kept.json" }).waitFor();
  await page.getByRole("button", { name: "開始檢核" }).click();
  await page.getByRole("heading", { name: "檢核結果" }).waitFor();
});

portalTest("who is about to be logged out is asked, and stays by one button", async (page) => {
  const now = Date.now();
  let left = 90_000;
  await page.route("**/api/v1/session", async (route) => {
    if (route.request().method() === "POST") {
      left = 1_800_000;
      return route.fulfill({ status: 204 });
    }
    const answer = await route.fetch();
    if (!answer.ok()) return route.fulfill({ response: answer });
    const json = await answer.json();
    json.idle_expires_at = new Date(now + left).toISOString();
    return route.fulfill({ response: answer, json });
  });
  await logInAs(page, PEOPLE.clerk).catch(() => {});
  const dialog = page.getByRole("dialog", { name: "即將自動登出" });
  await dialog.waitFor();
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "繼續使用" }).press("Enter");
  await dialog.waitFor({ state: "hidden" });
});

portalTest("logging out takes every tab to the public page", async (page, context) => {
  await logInAs(page, PEOPLE.clerk);
  const other = await context.newPage();
  await other.goto(`/a/${PEOPLE.clerk.agency}/summary`);
  await other.getByRole("heading", { level: 1, name: "彙整總表" }).waitFor();
  await page.getByRole("button", { name: "登出" }).click();
  await page.getByRole("link", { name: "登入", exact: true }).waitFor();
  await other.getByRole("link", { name: "登入", exact: true }).waitFor();
  assert.equal(new URL(other.url()).pathname, "/");
});
