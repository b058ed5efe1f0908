import { headersOf, noteRefusedSession } from "./client";
import { Problem, type ProblemBody } from "./problem";
import type { FileOutcome } from "./shapes";

/** Sends files with progress, which fetch cannot tell. The same key sends the same press again. */
export interface Press {
  key: string;
  files: readonly File[];
}

export function newKey(): string {
  return `portal-${crypto.randomUUID()}`;
}

interface Sent {
  status: number;
  files: FileOutcome[];
}

function parsed(text: string): ProblemBody & { files?: FileOutcome[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function send(
  method: string,
  address: string,
  headers: Record<string, string>,
  body: FormData | Blob,
  onProgress: (sent: number, total: number) => void,
): Promise<{ status: number; body: ReturnType<typeof parsed>; retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onerror = () => reject(new Problem(0, {}));
    request.onload = () =>
      resolve({
        status: request.status,
        body: parsed(request.responseText),
        retryAfter: Number(request.getResponseHeader("Retry-After")) || 0,
      });
    request.send(body);
  });
}

export async function submitFiles(
  press: Press,
  onProgress: (sent: number, total: number) => void,
): Promise<Sent> {
  const form = new FormData();
  for (const file of press.files) form.append("file", file, file.name);
  const headers = headersOf({ headers: { "Idempotency-Key": press.key } });
  const answer = await send("POST", "/api/v1/submissions", headers, form, onProgress);
  if (answer.body.files) return { status: answer.status, files: answer.body.files };
  if (answer.status === 401) noteRefusedSession();
  throw new Problem(answer.status, answer.body, answer.retryAfter);
}

/** A CSV of master data. */
export async function uploadCsv<T>(
  address: string,
  file: File,
  onProgress: (sent: number, total: number) => void,
): Promise<T> {
  const headers = headersOf({ headers: { "Content-Type": "text/csv" } });
  const answer = await send("POST", address, headers, file, onProgress);
  if (answer.status < 300) return answer.body as T;
  if (answer.status === 401) noteRefusedSession();
  throw new Problem(answer.status, answer.body, answer.retryAfter);
}
