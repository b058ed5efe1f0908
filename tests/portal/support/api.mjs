// The API as the page's own session sees it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { portalUrl } from "./browser.mjs";

const ENDS = ["COUNTED", "COUNTED_PARTIAL", "REJECTED_FILE"];

const headersOf = (agency) => ({
  "X-Acting-Agency": agency,
  "Sec-Fetch-Site": "same-origin",
  Origin: portalUrl(),
});

/** A change of the API's own, beside the page; returns its answer, if there is one. */
export async function change(page, agency, method, path, json) {
  const headers = headersOf(agency);
  const answer = await page.request.fetch(path, { method, headers, data: json });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

export async function read(page, agency, path) {
  const answer = await page.request.get(path, { headers: headersOf(agency) });
  assert.equal(answer.status(), 200, `${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** All rows of a list, page after page. */
export async function readAll(page, agency, path, member) {
  const rows = [];
  for (let token = ""; ; ) {
    const address = new URL(path, portalUrl());
    if (token) address.searchParams.set("page_token", token);
    const answer = await read(page, agency, address.pathname + address.search);
    rows.push(...answer[member]);
    token = answer.next_page_token;
    if (!token) return rows;
  }
}

/** Sends a file and follows it to its end; returns what it became. */
export async function submitByApi(page, agency, file) {
  const answer = await page.request.post("/api/v1/submissions", {
    headers: { ...headersOf(agency), "Idempotency-Key": `test-${randomUUID()}` },
    multipart: { file },
  });
  assert.ok(answer.ok(), `${answer.status()} ${await answer.text()}`);
  const { submission_id: id } = (await answer.json()).files[0].receipt;
  for (;;) {
    const submission = await read(page, agency, `/api/v1/submissions/${id}?wait=10s`);
    if (ENDS.includes(submission.state)) return submission;
  }
}
