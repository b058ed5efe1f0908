import type * as zh from "../zh/data";

export const home: typeof zh.home = {
  workbench: "This month's work",
  announcements: "Announcements",
  monthly: "Monthly counts by agency",
  deadline: "Deadline",
  openErrors: "Open errors",
  unmatched: "Unmatched",
  action: "Next",
  report: "Report",
  correct: "Correct",
  view: "View",
  nothingToDo: "Nothing to do",
  onTime: "on time",
  late: "late",
  publishedAt: "Published",
  attachments: "Attachments",
  noAnnouncements: "There are no announcements",
  year: (year) => year,
  years: "Years",
  month: (month) =>
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
      month - 1
    ] ?? "",
  note:
    "Only records matched in Table 19 are counted. " +
    "Keeping Table 19 right is each agency's task.",
  personnel: "Your pages",
};
export const summary: typeof zh.summary = {
  lastAt: "Last submitted",
  route: "Route",
  total: "Total",
  correct: "Correct",
  errors: "Errors",
  warnings: "Warnings",
  history: "History",
  findings: "Findings",
  links: "See",
};
export const history: typeof zh.history = {
  receivedAt: "Received",
  fileName: "File",
  allFindings: "All findings of this agency",
  of: (name) => `Agency: ${name}`,
};
export const unmatched: typeof zh.unmatched = {
  intro:
    "These records have no matching row in Table 19 and are not counted yet. What the personnel " +
    "office mends in Table 19 is matched again by itself and need not be sent again; what the clerk " +
    "mends must be corrected and sent again.",
  reason: "Reason",
  band: "Age",
  record: "Form number",
  seq: "Line",
  person: "Person id",
  date: "Date",
  mend: "Who mends it",
  age: "Age",
  kind: "Kind",
  sums: "Records by reason",
  count: "Records",
  days: (days) => `${days} days`,
};
export const reports: typeof zh.reports = {
  report: "Report",
  kinds: {
    monthly: "Records by month",
    leave: "Leave types",
    overtime: "Overtime types",
    agencies: "Agencies compared",
    rates: "Reporting rates over time",
    findings: "Kinds of findings",
  },
  chart: "Chart",
  figures: "Figures",
  download: "Download chart",
  minutes: "Minutes",
  records: "Records",
  type: "Name",
  code: "Code",
  message: "Message",
  findings: "Findings",
  files: "Files",
  receivedMonth: "Month of receipt",
  live: "Rate now",
  frozen: "Frozen rate",
  drawing: "Drawing the chart",
  tooLong: "At most 36 months: please choose a shorter period.",
};
export const rates: typeof zh.rates = {
  authority: "Supervising agency",
  levels: "Levels",
  live: "Now",
  frozen: "Frozen",
  figures: "Rates of the month",
  item: "Figure",
  obliged: "Obliged",
  reported: "Reported",
  onTime: "On time",
  reportedRate: "Reporting rate",
  onTimeRate: "On-time rate",
  deadline: "Deadline",
  formula: "Formula",
  formulaText: "reported ÷ obliged; on time ÷ obliged",
  frozenAt: "Frozen at",
  notFrozen: "Frozen after the deadline",
  units: "Subordinates, last 12 months",
  unitSelf: (name) => `${name} (itself)`,
  agencies: "Agencies by status",
  unreported: "Not reported",
  onTimeColumn: "On time",
  remind: "Remind",
  remindTitle: "Confirm reminder",
  remindText: (agencies, month) =>
    `A mail and a notice about ${month} will go to ${agencies} agencies, once a day each.`,
  chooseFirst: "First choose the agencies to remind",
  reminded: (sent, skipped) => `Reminded ${sent} agencies, skipped ${skipped}.`,
  reminders: "Reminders sent",
  sentAt: "Time",
  sentBy: "By",
  choose: "Choose",
};
export const notices: typeof zh.notices = {
  intro: "Outcomes, deadlines and reminders, newest first.",
  unread: "Unread",
  markAll: "Mark all as read",
  time: "Time",
  kind: "Kind",
  text: "Text",
  state: "State",
  read: "read",
};
