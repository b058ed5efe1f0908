// The stack under test from behind: its database, its parts, its issuer.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { portalUrl } from "./browser.mjs";

const ROOT = join(import.meta.dirname, "..", "..", "..");

function folder() {
  const stack = process.env.CHAIQIN_PORTAL_STACK;
  if (!stack) throw new Error("CHAIQIN_PORTAL_STACK names the folder of the stack under test");
  return stack;
}

/** A statement as the owner of the database. */
export function sql(statement) {
  const memory = JSON.parse(readFileSync(join(folder(), "stack.json"), "utf8"));
  const { owner } = JSON.parse(readFileSync(join(folder(), "secrets.json"), "utf8"));
  const at = `host=127.0.0.1 port=${memory.port_base + 4} user=chaiqin dbname=chaiqin`;
  return execFileSync("psql", [at, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"], {
    input: statement,
    env: { ...process.env, PGPASSWORD: owner },
    encoding: "utf8",
  }).trim();
}

/** Restarts a part, which forgets what it remembered, and waits until the gateway answers. */
export async function restart(part) {
  const command = join(ROOT, "deploy", "part");
  execFileSync(command, ["restart", part, "--dir", folder()], { stdio: "pipe" });
  for (;;) {
    const ready = await fetch(`${portalUrl()}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Ends the issuer's own session of this browser, as if the person had left in another program. */
export async function leaveAtIssuer(page) {
  const answer = await page.request.get("/auth/login", { maxRedirects: 0 });
  const { origin } = new URL(answer.headers().location);
  const other = await page.context().newPage();
  await other.goto(`${origin}/session/end`);
  await other.waitForURL(/\/session\/end\/success/);
  await other.close();
}
