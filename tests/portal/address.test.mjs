// The address alone says what a page shows: back, forward, reload and a copied link.
import assert from "node:assert/strict";
import { submitByApi } from "./support/api.mjs";
import { asFile, contentFor } from "./support/files.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();

/** What a page shows, as somebody sees it: fields, chosen tab, page number, first row. */
async function shown(page) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator("main table").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main .loading, main [aria-busy]"));
  return page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    return {
      fields: Object.fromEntries(
        all("main input[id], main select[id]").map(({ id, value }) => [id, value]),
      ),
      tabs: all('[role="tab"][aria-selected="true"]').map((tab) => tab.textContent),
      where: all(".paging-where").map((one) => one.textContent),
      rows: all("main table").map((table) => table.querySelector("tbody tr")?.textContent),
    };
  });
}

/** Waits until the page shows what it ought to. */
async function shows(page, wanted, how) {
  const end = Date.now() + 10_000;
  let found;
  do found = await shown(page);
  while (JSON.stringify(found) !== JSON.stringify(wanted) && Date.now() < end);
  assert.deepEqual(found, wanted, how);
}

/** Does one thing after the other. A copied link of each state shows the same, and so do back,
 * forward and reload. */
async function walk(page, context, steps) {
  const copy = await context.newPage();
  const states = [];
  const note = async () => {
    const url = page.url();
    await copy.goto(url);
    states.push({ url, shown: await shown(copy) });
    await shows(page, states.at(-1).shown, `a copied link ${url}`);
  };
  await note();
  for (const { act, address } of steps) {
    await act();
    await page.waitForURL(address);
    await note();
  }
  await copy.close();
  await page.reload();
  await shows(page, states.at(-1).shown, "after a reload");
  for (const state of states.slice(0, -1).reverse()) {
    await page.goBack();
    await page.waitForURL(state.url);
    await shows(page, state.shown, `back at ${state.url}`);
  }
  for (const state of states.slice(1)) {
    await page.goForward();
    await page.waitForURL(state.url);
    await shows(page, state.shown, `forward at ${state.url}`);
  }
}

/** Bad and unknown values show what the bare address shows. */
async function badValuesFallBack(page, path, search) {
  await page.goto(path);
  const plain = await shown(page);
  await page.goto(`${path}?${search}`);
  await shows(page, plain, search);
}

const search = (page) => page.getByRole("button", { name: "查詢" }).click();
const press = (page, name) => () => page.getByRole("button", { name }).click();

portalTest("彙整總表 keeps search, size and page", async (page, context) => {
  const path = `/a/${PEOPLE.operator.agency}/summary`;
  await logInAs(page, PEOPLE.operator, path);
  await page.getByRole("table", { name: "彙整總表" }).waitFor();
  await walk(page, context, [
    { act: press(page, "下一頁"), address: /page=2/ },
    { act: () => page.getByLabel("每頁筆數").selectOption("50"), address: /page_size=50/ },
    {
      act: async () => {
        await page.getByLabel("跳至第").fill("2");
        await page.getByRole("button", { name: "前往" }).click();
      },
      address: /page=2/,
    },
    {
      act: async () => {
        await page.getByLabel("機關名稱或代碼").fill("Z0000001");
        await search(page);
      },
      address: /q=Z0000001/,
    },
  ]);
  await badValuesFallBack(page, path, "page=0&page_size=7&unknown=1");
});

portalTest("錯誤明細 keeps filters, tab and page", async (page, context) => {
  const { agency } = PEOPLE.clerk;
  const path = `/a/${agency}/findings`;
  await logInAs(page, PEOPLE.clerk, path);
  await submitByApi(page, agency, asFile("many.json", await contentFor(page, agency, { wrong: 60 })));
  await page.reload();
  await page.getByRole("table", { name: "差假" }).waitFor();
  await walk(page, context, [
    { act: press(page, "下一頁"), address: /n=2/ },
    {
      act: () => page.getByLabel("狀態", { exact: true }).selectOption({ label: "全部" }),
      address: /status=all/,
    },
    {
      act: () => page.getByLabel("等級", { exact: true }).selectOption({ label: "錯誤" }),
      address: /severity=error/,
    },
    {
      act: async () => {
        await page.getByLabel("起日").fill("115/01/01");
        await page.getByLabel("規則代碼").fill("c06");
        await search(page);
      },
      address: /from=2026-01-01.*code=C06|code=C06.*from=2026-01-01/,
    },
    { act: () => page.getByRole("tab", { name: "依規則" }).click(), address: /tab=rules/ },
  ]);
  await badValuesFallBack(page, path, "status=x&severity=y&tab=z&from=2026-13-01&to=abc&n=-1");
});

portalTest("未比對清單 keeps filters and page", async (page, context) => {
  const { agency } = PEOPLE.clerk;
  const path = `/a/${agency}/unmatched`;
  await logInAs(page, PEOPLE.clerk, path);
  const content = await contentFor(page, agency, { unknown: 120 });
  await submitByApi(page, agency, asFile("unknown.json", content));
  await page.reload();
  await page.getByRole("table", { name: "未比對清單" }).waitFor();
  await walk(page, context, [
    { act: press(page, "下一頁"), address: /n=2/ },
    {
      act: () => page.getByLabel("原因", { exact: true }).selectOption({ label: "查無此人" }),
      address: /reason=NO_PERSON/,
    },
    { act: () => page.getByLabel("日數", { exact: true }).selectOption({ label: "超過 90 日" }), address: /band=over/ },
  ]);
  await badValuesFallBack(page, path, "reason=NOBODY&band=8&n=x");
});

portalTest("統計報表 keeps report, months and search", async (page, context) => {
  const path = `/a/${PEOPLE.supervisor.agency}/reports`;
  await logInAs(page, PEOPLE.supervisor, path);
  await page.getByRole("table", { name: "資料表" }).waitFor();
  await walk(page, context, [
    {
      act: () => page.getByLabel("報表", { exact: true }).selectOption({ label: "機關比較" }),
      address: /report=agencies/,
    },
    {
      act: async () => {
        await page.getByLabel("起月").fill("115/08");
        await page.getByLabel("迄月").fill("11510");
        await page.getByLabel("機關名稱或代碼").fill("Z0000001");
        await search(page);
      },
      address: /from=2026-08.*to=2026-10.*q=Z0000001/,
    },
    {
      act: () => page.getByLabel("報表", { exact: true }).selectOption({ label: "錯誤類型" }),
      address: /report=findings/,
    },
  ]);
  await badValuesFallBack(page, path, "report=none&from=2026-00&to=26-1&n=0");
});

portalTest("報送比率 keeps month, authority and status", async (page, context) => {
  const path = `/a/${PEOPLE.supervisor.agency}/rates`;
  await logInAs(page, PEOPLE.supervisor, path);
  await page.getByRole("table", { name: "機關報送狀態" }).waitFor();
  await walk(page, context, [
    {
      act: () => page.getByLabel("狀態", { exact: true }).selectOption({ label: "全部" }),
      address: /status=all/,
    },
    {
      act: async () => {
        await page.getByLabel("資料年月").fill("115/08");
        await search(page);
      },
      address: /month=2026-08/,
    },
  ]);
  await badValuesFallBack(page, path, "status=nothing&month=2026-14&n=1.5");
});
