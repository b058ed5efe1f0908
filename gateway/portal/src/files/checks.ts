import { change } from "../api/client";
import type { CheckResult } from "../api/shapes";

export interface Checked {
  file: File;
  result: CheckResult;
  /** The file as JSON, if it is one: its fields are shown beside the findings. */
  content: unknown;
}

export function formOf(files: readonly File[]): FormData {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return form;
}

export async function contentOf(file: File): Promise<unknown> {
  try {
    return JSON.parse((await file.text()).replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}

/** Checks the files at the platform, which stores nothing; compared with the store if wanted. */
export async function checkFiles(files: readonly File[], compare: boolean): Promise<Checked[]> {
  const answer = await change<{ files: CheckResult[] }>("POST", "/api/v1/checks", {
    query: compare ? { compare: true } : {},
    body: formOf(files),
  });
  const contents = await Promise.all(files.map(contentOf));
  return answer.files.flatMap((result, at) => {
    const file = files[at];
    return file ? [{ file, result, content: contents[at] }] : [];
  });
}

/** The agency that a file names in its header. */
export function namedAgency(content: unknown): string | null {
  if (typeof content !== "object" || content === null) return null;
  const code = (content as Record<string, unknown>).reporting_org_code;
  return typeof code === "string" ? code : null;
}
