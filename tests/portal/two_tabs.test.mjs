import assert from "node:assert/strict";
import { read } from "./support/api.mjs";
import { choose, fileFor } from "./support/files.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const [first, second] = [PEOPLE.delegate.agency, PEOPLE.delegate.delegated[0]];

/** The id that the receipt of the only file shows. */
async function sentId(tab) {
  await tab.getByText("已收妥，可離開本頁").waitFor();
  const row = tab.getByRole("table", { name: "報送結果" }).getByRole("row").nth(1);
  await row.getByText(/已收 2 筆/).waitFor();
  return (await row.getByRole("cell").last().innerText()).trim();
}

portalTest("two tabs of one login send for two agencies", async (page, context) => {
  await logInAs(page, PEOPLE.delegate, `/a/${first}/submit`);
  const other = await context.newPage();
  await other.goto(`/a/${second}/submit`);
  await choose(page, [await fileFor(page, first, "first.json")]);
  await choose(other, [await fileFor(page, second, "second.json")]);
  assert.match(await page.getByRole("banner").innerText(), new RegExp(`（${first}）`));
  assert.match(await other.getByRole("banner").innerText(), new RegExp(`（${second}）\\s*兼辦`));

  await other.getByRole("button", { name: "確認上傳" }).click();
  const dialog = other.getByRole("dialog", { name: "確認報送" });
  await dialog.getByText(/是兼辦機關/).waitFor();
  await page.getByRole("button", { name: "確認上傳" }).click();
  const ofFirst = await sentId(page);
  await dialog.getByRole("button", { name: "仍要報送" }).click();
  const ofSecond = await sentId(other);

  assert.equal((await read(page, first, `/api/v1/submissions/${ofFirst}`)).agency, first);
  assert.equal((await read(page, second, `/api/v1/submissions/${ofSecond}`)).agency, second);
  const cookies = (await context.cookies()).filter(({ name }) => name === "__Host-chaiqin");
  assert.equal(cookies.length, 1);

  // The id of one agency's file shows nothing under the other agency.
  await page.goto(`/a/${first}/submissions/${ofSecond}`);
  await page.getByRole("heading", { level: 1, name: "找不到頁面" }).waitFor();
});

portalTest("each tab goes on for its own agency after a reload", async (page, context) => {
  await logInAs(page, PEOPLE.delegate, `/a/${first}/summary`);
  const other = await context.newPage();
  await other.goto(`/a/${second}/summary`);
  for (const [tab, agency] of [
    [page, first],
    [other, second],
  ]) {
    const asked = tab.waitForRequest(/\/api\/v1\/summary/);
    await tab.reload();
    assert.equal((await asked).headers()["x-acting-agency"], agency);
    await tab.getByRole("heading", { level: 1, name: "彙整總表" }).waitFor();
  }
});
