const SHORT_BYTES = 8;

function payloadOf(jws: string): Uint8Array<ArrayBuffer> {
  const payload = jws.split(".")[1] ?? "";
  const base64 = payload.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The first 16 hex digits of SHA-256 of the receipt's bytes: short enough to compare on the phone. */
export async function shortCodeOf(jws: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", payloadOf(jws));
  return [...new Uint8Array(digest).slice(0, SHORT_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
