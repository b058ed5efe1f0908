import { codes } from "../api/generated/codes.en";
import { fields } from "../api/generated/fields.en";
import { history, home, notices, rates, reports, summary, unmatched } from "./en/data";
import { explain, files, findings, outcome, submit } from "./en/files";
import { frame, lists, session, states } from "./en/frame";
import { admin, integration, open, table19 } from "./en/office";
import type { Words } from "./zh";

/** Every sentence of the portal in English. */
export const en: Words = {
  frame,
  lists,
  session,
  states,
  codes,
  fields,
  home,
  summary,
  history,
  unmatched,
  reports,
  rates,
  notices,
  outcome,
  findings,
  explain,
  files,
  submit,
  table19,
  integration,
  admin,
  open,
};
