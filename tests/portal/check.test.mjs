import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const json = (name, content) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(content),
});

portalTest("files that cannot be taken are refused before anything is sent", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${PEOPLE.clerk.agency}/check`);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await page.locator("input[type=file]").setInputFiles([json("a.txt", "x"), json("b.json", "")]);
  const summary = page.getByRole("alert").filter({ hasText: "有錯誤需要處理" });
  await summary.getByRole("link", { name: "檔案格式錯誤-僅接受 JSON 檔：a.txt" }).waitFor();
  await summary.getByRole("link", { name: "檔案無內容：b.json" }).waitFor();
  assert.match(await page.title(), /^錯誤：JSON檔檢核/);
  assert.equal(await page.getByRole("button", { name: /^移除/ }).count(), 0);
  assert.deepEqual(sent, []);
  await assertAccessible(page);
});

portalTest("a finding is red, has words, and is explained", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${PEOPLE.clerk.agency}/check`);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  const sample = await (await page.request.get("/api/v1/format/sample")).json();
  sample.reporting_org_code = PEOPLE.clerk.agency;
  sample.leave_records[0].person_id = "A123456788";
  await page.locator("input[type=file]").setInputFiles([json("c.json", JSON.stringify(sample))]);
  await page.getByRole("button", { name: "開始檢核" }).click();
  await page.getByText("檢核未通過").waitFor();
  const cell = page.getByRole("button", { name: "錯誤：身分證統一編號檢查碼錯誤" });
  assert.match(await page.getByRole("table", { name: "差假" }).innerText(), /A12\*{5}88/);
  await cell.click();
  await page.getByRole("dialog", { name: "說明" }).waitFor();
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  assert.equal(await cell.evaluate((button) => button === document.activeElement), true);
});
