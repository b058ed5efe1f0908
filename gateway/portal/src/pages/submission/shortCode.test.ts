import { expect, it } from "vitest";
import { shortCodeOf } from "./shortCode";

it("the short code is the beginning of SHA-256 of the payload's bytes", async () => {
  const payload = new TextEncoder().encode('{"file_name":"差假?>~.json"}');
  const base64 = btoa(String.fromCharCode(...payload));
  const jws = `e30.${base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")}.c2ln`;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", payload));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  expect(await shortCodeOf(jws)).toBe(hex.slice(0, 16));
});
