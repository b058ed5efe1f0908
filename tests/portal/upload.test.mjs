// Choosing and uploading: as large as it may be, through a connection that breaks.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { readAll } from "./support/api.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { asFile, choose, contentFor } from "./support/files.mjs";
import { breakableLine } from "./support/line.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;
const MOST_BYTES = 5 * 1024 * 1024;
let folder;
let line;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "chaiqin-upload-"));
  line = await breakableLine(20 * 1024 * 1024);
});
after(() => {
  line.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A file of exactly so many bytes: blanks between two members count for nothing. */
function written(name, content, bytes) {
  const text = JSON.stringify(content);
  const blanks = " ".repeat(bytes - Buffer.byteLength(text));
  const path = join(folder, name);
  writeFileSync(path, `{${blanks}${text.slice(1)}`);
  return path;
}

portalTest(
  "ten large files arrive once, though the connection breaks",
  async (page) => {
    await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
    const mark = Date.now();
    const names = Array.from({ length: 10 }, (_, at) => `large-${mark}-${at}.json`);
    const paths = [];
    for (const name of names)
      paths.push(written(name, await contentFor(page, agency), MOST_BYTES - 1000));
    await choose(page, paths);
    await page.getByText("名義報送 10 個檔案").waitFor();
    const keys = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/api/v1/submissions"))
        keys.push(request.headers()["idempotency-key"]);
    });
    await page.getByRole("button", { name: "確認上傳" }).click();
    await line.held;
    const progress = page.getByRole("status").filter({ hasText: "上傳中" });
    await progress.getByText(/上傳中：[1-9][\d.]* MB／5\d(\.\d)? MB/).waitFor();
    const bar = progress.getByRole("progressbar");
    assert.ok((await bar.evaluate(({ position }) => position)) > 0.2);
    await assertAccessible(page);
    line.cut();
    await page.getByText(/連線中斷，正在自動重試/).waitFor();
    assert.equal(await page.getByText("已收妥，可離開本頁").count(), 0);
    line.mend();
    await page.getByText("已收妥，可離開本頁").waitFor();

    assert.ok(keys.length >= 2, `${keys.length} tries`);
    assert.equal(new Set(keys).size, 1, "a try had a key of its own");
    const rows = page.getByRole("table", { name: "報送結果" }).getByRole("row");
    for (let at = 1; at <= 10; at += 1) await rows.nth(at).getByText(/已收 2 筆/).waitFor();
    const listed = await readAll(page, agency, "/api/v1/submissions", "submissions");
    const found = listed.map(({ file_name }) => file_name).filter((name) => names.includes(name));
    assert.deepEqual(found.sort(), [...names].sort());
    await page.getByText("尚未選擇檔案").waitFor();
  },
  { proxy: () => line.proxy },
);

portalTest("the same files sent a second time change nothing", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  const file = asFile("twice.json", await contentFor(page, agency));
  const row = page.getByRole("table", { name: "報送結果" }).getByRole("row").nth(1);
  const ids = [];
  for (const outcome of [/已收 2 筆：(?!.*未變更)/, /已收 2 筆：2 筆未變更/]) {
    await choose(page, [file]);
    await page.getByRole("button", { name: "確認上傳" }).click();
    await row.getByText(outcome).waitFor();
    ids.push(await row.getByRole("cell").last().innerText());
  }
  assert.notEqual(ids[0], ids[1]);
});

portalTest("what cannot be taken is refused, and the others stay chosen", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/submit`);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  const nine = Array.from({ length: 9 }, (_, at) => asFile(`good-${at}.json`, "{}"));
  const chosen = page.getByRole("button", { name: /^移除 / });
  const summary = page.getByRole("alert").filter({ hasText: "有錯誤需要處理" });
  const refused = (text) => summary.getByRole("link", { name: text }).waitFor();
  await choose(page, nine);
  await chosen.nth(8).waitFor();

  await choose(page, [
    written("large.json", {}, MOST_BYTES + 1),
    ...[["sheet.xlsx", "PK"], ["empty.json", ""]].map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    }),
  ]);
  await refused(/large\.json/);
  await refused(/sheet\.xlsx/);
  await refused(/empty\.json/);
  assert.equal(await chosen.count(), 9);
  assert.ok(await summary.evaluate((box) => box === document.activeElement));

  await choose(page, [asFile("a.json", "{}"), asFile("b.json", "{}")]);
  await refused(/a\.json、b\.json/);
  assert.equal(await chosen.count(), 9);
  await choose(page, [written("just.json", {}, MOST_BYTES)]);
  await summary.waitFor({ state: "detached" });
  assert.equal(await chosen.count(), 10);
  await choose(page, [asFile("eleventh.json", "{}")]);
  await refused(/eleventh\.json/);
  assert.equal(await chosen.count(), 10);
  assert.deepEqual(sent, []);
});
