// A receiver of webhooks of the test's own, and the signature of Standard Webhooks as a receiver
// reckons it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

const LONGEST_MS = 30_000;

/** Keeps what comes and answers with `status`, which a test may change. */
export async function ownReceiver() {
  const got = [];
  const held = { status: 204 };
  const server = createServer((asked, answer) => {
    const parts = [];
    asked.on("data", (part) => parts.push(part));
    asked.on("end", () => {
      got.push({ headers: asked.headers, body: Buffer.concat(parts).toString("utf8") });
      answer.writeHead(held.status).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    got,
    answerWith(status) {
      held.status = status;
    },
    /** The delivery that came as the `count`th. */
    async arrived(count) {
      for (const end = Date.now() + LONGEST_MS; got.length < count; ) {
        assert.ok(Date.now() < end, `${got.length} of ${count} deliveries came`);
        await new Promise((done) => setTimeout(done, 50));
      }
      return got[count - 1];
    },
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

export const signaturesOf = ({ headers }) => headers["webhook-signature"].split(" ");

export function isSigned(secret, delivery) {
  const { headers, body } = delivery;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = createHmac("sha256", key).update(signed, "utf8").digest("base64");
  return signaturesOf(delivery).includes(`v1,${wanted}`);
}
