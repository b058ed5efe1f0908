import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;

async function fileFor(page, code) {
  const sample = await (await page.request.get("/api/v1/format/sample")).json();
  sample.reporting_org_code = code;
  sample.batch_no = `portal-${Date.now()}`;
  const buffer = Buffer.from(JSON.stringify(sample));
  return { name: "month.json", mimeType: "application/json", buffer };
}

portalTest("files are sent and followed to their end in place", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([await fileFor(page, agency)]);
  await page.getByText(/以 .* 名義報送 1 個檔案/).waitFor();
  await page.getByRole("button", { name: "確認上傳" }).click();
  await page.getByText("已收妥，可離開本頁").waitFor();
  const row = page.getByRole("table", { name: "報送結果" }).getByRole("row").nth(1);
  await row.getByText(/已收 2 筆/).waitFor();
  await assertAccessible(page);
  await row.getByRole("link", { name: /^查看報送結果/ }).click();
  await page.getByRole("heading", { level: 1, name: "報送結果" }).waitFor();
});

portalTest("a file of another agency is sent only after a confirmation", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([await fileFor(page, "Z00000019A")]);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await page.getByRole("button", { name: "確認上傳" }).click();
  const dialog = page.getByRole("dialog", { name: "確認報送" });
  await dialog.getByText(/Z00000019A/).waitFor();
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "取消" }).click();
  assert.deepEqual(sent, []);
});

portalTest("a broken connection sends the same key again", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([await fileFor(page, agency)]);
  const keys = [];
  await page.route("**/api/v1/submissions", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    return keys.length === 1 ? route.abort() : route.continue();
  });
  await page.getByRole("button", { name: "確認上傳" }).click();
  await page.getByText("已收妥，可離開本頁").waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});
