/** Rules for choosing files, decided before anything is sent; their words come from the API. */
export const MOST_FILES = 10;
export const MOST_BYTES = 5 * 1024 * 1024;

export interface Refusal {
  code: "F01" | "F02" | "F03" | "F04";
  name: string;
}

export interface Choice {
  files: File[];
  refusals: Refusal[];
}

function refusalOf(file: Pick<File, "name" | "size">): Refusal["code"] | null {
  if (!/\.json$/i.test(file.name)) return "F01";
  if (file.size > MOST_BYTES) return "F02";
  if (file.size === 0) return "F04";
  return null;
}

/** A choice adds to the list; one that would make more than ten adds nothing. */
export function withChosen(before: readonly File[], chosen: readonly File[]): Choice {
  const refusals: Refusal[] = [];
  const good: File[] = [];
  for (const file of chosen) {
    const code = refusalOf(file);
    if (code) refusals.push({ code, name: file.name });
    else good.push(file);
  }
  if (before.length + good.length > MOST_FILES) {
    const names = good.map(({ name }) => name).join("、");
    return { files: [...before], refusals: [...refusals, { code: "F03", name: names }] };
  }
  return { files: [...before, ...good], refusals };
}
