import { type Query, send } from "./client";
import { Problem } from "./problem";

export type ListFormat = "xlsx" | "ods" | "csv";

/** The name that the answer gives its file: the UTF-8 one before the ASCII one. */
export function fileNameOf(disposition: string | null, fallback: string): string {
  const utf8 = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "");
  if (utf8?.[1]) {
    try {
      return decodeURIComponent(utf8[1]);
    } catch {
      return fallback;
    }
  }
  return /filename="([^"]+)"/i.exec(disposition ?? "")?.[1] ?? fallback;
}

export function saveBlob(blob: Blob, fileName: string) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const waited = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
const TRIES = 20;

/** The whole filtered list. When the platform is busy with other lists, it is asked for again. */
export async function downloadList(
  path: string,
  params: Record<string, string>,
  query: Query,
  format: ListFormat,
) {
  const { page: _page, page_size: _size, page_token: _token, ...filters } = query;
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await send("GET", path, { params, query: { ...filters, format } });
      const type = answer.headers.get("Content-Type") ?? "";
      if (type.startsWith("application/json")) throw new Problem(501, {}); // not a file after all
      const name = fileNameOf(answer.headers.get("Content-Disposition"), `list.${format}`);
      return saveBlob(await answer.blob(), name);
    } catch (failure) {
      const busy = failure instanceof Problem && failure.status === 429;
      if (!busy || tries === TRIES) throw failure;
      await waited(Math.min(Math.max(failure.retryAfterSeconds, 1), 30));
    }
  }
}
