import { codes } from "../api/generated/codes.zh";
import { fields } from "../api/generated/fields.zh";
import { history, home, notices, rates, reports, summary, unmatched } from "./zh/data";
import { explain, files, findings, outcome, submit } from "./zh/files";
import { frame, lists, session, states } from "./zh/frame";
import { admin, integration, open, table19 } from "./zh/office";

/** Every sentence of the portal in Chinese; its type is what the other language has to have. */
export const zh = {
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
export type Words = typeof zh;
