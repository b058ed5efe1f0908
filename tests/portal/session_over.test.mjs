// The session ends while somebody works: what stands on the page is kept, or is not shown at all.
import assert from "node:assert/strict";
import { read } from "./support/api.mjs";
import { choose, fileFor } from "./support/files.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { leaveAtIssuer, restart, sql } from "./support/stack.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;
const over = (page) => page.getByRole("dialog", { name: "請重新登入" });
const soon = (page) => page.getByRole("dialog", { name: "即將自動登出" });
const idleEnd = async (page) =>
  Date.parse((await (await page.request.get("/api/v1/session")).json()).idle_expires_at);

/** Presses 「重新登入」 and chooses a person in the window that opens, which closes itself. */
async function logInAgain(page, person) {
  const opened = page.waitForEvent("popup");
  await over(page).getByRole("button", { name: "重新登入" }).click();
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await popup.getByRole("button", { name: person.button }).click();
  await closed;
}

/** Leaves the session so many seconds, in every gateway. */
async function leaveSeconds(seconds) {
  sql(`UPDATE portal.session SET idle_until = now() + interval '${seconds} s'
       WHERE created_at = (SELECT max(created_at) FROM portal.session)`);
  await restart("gateway");
}

portalTest("sending goes on after a new login, with the files chosen before", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  await choose(page, [await fileFor(page, agency, "kept.json")]);
  await page.getByLabel("資料年月").fill("115/03");
  await leaveAtIssuer(page);
  await page.getByRole("button", { name: "離線測試" }).click();
  await over(page).waitFor();
  await logInAgain(page, PEOPLE.clerk);
  await over(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "移除 kept.json" }).waitFor();
  assert.equal(await page.getByLabel("資料年月").inputValue(), "115/03");
  await page.getByRole("button", { name: "確認上傳" }).click();
  await page.getByText("已收妥，可離開本頁").waitFor();
});

portalTest("another person who logs in sees nothing of it", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  await choose(page, [await fileFor(page, agency, "private.json")]);
  await leaveAtIssuer(page);
  await page.getByRole("button", { name: "離線測試" }).click();
  await over(page).waitFor();
  await logInAgain(page, PEOPLE.delegate);
  await page.getByRole("heading", { level: 1, name: "沒有權限" }).waitFor();
  assert.equal(await page.getByText("private.json").count(), 0);
  assert.equal(await over(page).count(), 0);
  await page.getByRole("link", { name: "切換機關" }).click();
  await page.getByRole("heading", { level: 1, name: "選擇身分" }).waitFor();
});

portalTest("the dialog hides the page and stays until somebody logs in", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/summary`);
  await page.getByRole("table", { name: "彙整總表" }).waitFor();
  await leaveAtIssuer(page);
  await page.getByLabel("機關名稱或代碼").fill("Z");
  await page.getByRole("button", { name: "查詢" }).click();
  await over(page).waitFor();
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  assert.ok(await over(page).isVisible());
  const behind = await over(page).evaluate(
    (dialog) => getComputedStyle(dialog, "::backdrop").backgroundColor,
  );
  assert.match(behind, /^rgb\(/, "the backdrop lets the page through");
});

portalTest("who is about to be logged out stays, and in time", async (page, context) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/unmatched`);
  await page.getByRole("table", { name: "未比對清單" }).waitFor();
  await leaveSeconds(100);
  const other = await context.newPage();
  await other.goto("/verify"); // an open page asks for the session and does nothing else
  await soon(other).waitFor();
  const before = await idleEnd(page);
  await soon(other).getByRole("button", { name: "繼續使用" }).click();
  await soon(other).waitFor({ state: "detached" });
  const after = await idleEnd(page);
  assert.ok(after - before > 20 * 60_000, `${before} ${after}`);
});

portalTest("who does nothing is logged out, and the page says so by itself", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/unmatched`);
  await page.getByRole("table", { name: "未比對清單" }).waitFor();
  await leaveSeconds(4);
  await page.goto("/verify");
  await soon(page).or(over(page)).first().waitFor();
  await over(page).waitFor();
  assert.equal((await page.request.get("/api/v1/session")).status(), 401);
});

portalTest("what the page asks for by itself does not keep a session alive", async (page) => {
  await page.clock.install();
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/notices`);
  await page.getByRole("table", { name: "通知" }).waitFor();
  await leaveSeconds(600);
  const background = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/"))
      background.push([request.url(), request.headers()["x-chaiqin-background"]]);
  });
  const before = await idleEnd(page);
  const polled = page.waitForResponse(/\/api\/v1\/notices\?page_size=1/);
  await page.clock.fastForward("05:01");
  await polled;
  const asked = page.waitForResponse(/\/api\/v1\/notices/);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await asked;
  assert.ok(background.length >= 2);
  for (const [url, mark] of background)
    if (!url.endsWith("/session")) assert.equal(mark, "1", url);
  assert.equal(await idleEnd(page), before);

  await page.clock.runFor(1000);
  const wanted = page.waitForResponse(/\/api\/v1\/summary/);
  await page.getByRole("link", { name: "彙整總表" }).click();
  await wanted;
  assert.ok((await idleEnd(page)) - before > 10 * 60_000);
});

portalTest("a session that ended elsewhere is over for reads as well", async (page) => {
  await logInAs(page, PEOPLE.clerk);
  await leaveAtIssuer(page);
  const answer = await page.request.get("/api/v1/summary", {
    headers: { "X-Acting-Agency": agency, "Sec-Fetch-Site": "same-origin" },
  });
  assert.equal(answer.status(), 401);
  await logInAs(page, PEOPLE.clerk);
  await read(page, agency, "/api/v1/summary");
});
