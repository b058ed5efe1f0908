import type { components } from "./generated/schema";

/** Names for the shapes of answers that pages speak of. */
type Schemas = components["schemas"];
export type Finding = Schemas["Finding"];
export type Submission = Schemas["Submission"];
export type Dispositions = Schemas["Dispositions"];
export type Receipt = Schemas["Receipt"];
export type FileOutcome = Schemas["FileOutcome"];
export type Rule = Schemas["Rule"];
export type Monthly = Schemas["Monthly"];
export type MonthCounts = Schemas["MonthCounts"];
export type SummaryLine = Schemas["SummaryLine"];
export type Agency = Schemas["Agency"];
export type Table19Load = Schemas["Table19Load"];
export type RejectedRow = Schemas["RejectedRow"];
export type RegistryCounts = Schemas["RegistryLoad"];
export type ReportingAgency = Schemas["ReportingAgency"];
export type Reminder = Schemas["Reminders"]["reminders"][number];
export type RateMonth = Schemas["ReportingRateSeries"]["months"][number];
export type Unmatched = Schemas["Unmatched"];
export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["WebhookDelivery"];

export interface NamedAgency {
  agency: string;
  name: string;
}
export type Role = "agency_clerk" | "supervisor" | "personnel_office" | "operator" | "auditor";
export interface Session {
  sub: string;
  name: string;
  agency: NamedAgency;
  delegated_agencies: NamedAgency[];
  roles: Role[];
  expires_at: string;
  idle_expires_at: string;
}
export type FilingState =
  | "reported"
  | "zero"
  | "missing"
  | "exempt"
  | "not_due"
  | "not_obliged"
  | "due";
export interface WorkbenchRow {
  agency: string;
  name: string;
  delegated: boolean;
  month: string;
  deadline: string;
  status: FilingState;
  on_time: boolean;
  open_errors: number;
  unmatched: number;
  last_submission_id: string | null;
}
export interface Attachment {
  n: number;
  file_name: string;
  size_bytes: number;
  media_type: string;
}
export interface Announcement {
  id: string;
  title: string;
  published_at: string;
  expires_at: string | null;
  audience: "public" | "members";
  attachments: Attachment[];
  body?: string;
}
export interface Notice {
  id: number;
  kind: string;
  submission_id: string | null;
  text: string;
  created_at: string;
  read_at: string | null;
  agency?: string;
  agency_name?: string;
  month?: string | null;
  webhook_id?: string | null;
}
export interface Group {
  code: string;
  severity: "error" | "warning";
  field: string;
  message: string;
  count: number;
  first?: number[];
  files?: number;
}
export interface FileRecord {
  kind: "leave" | "overtime";
  index: number;
  values: Record<string, unknown> | null;
  findings: Finding[];
  submission_id?: string;
  file_name?: string;
}
export type CompareKind =
  | "new"
  | "changed"
  | "same"
  | "older"
  | "deleted"
  | "unknown_deletion"
  | "invalid";
export type CheckResult = Schemas["CheckResult"];
export type Comparison = NonNullable<CheckResult["comparison"]>;
export interface RuleExplained extends Rule {
  explanation_zh: string;
  explanation_en: string;
  who_mends: "sender" | "vendor" | "personnel_office" | "platform";
  wrong: unknown;
  right: unknown;
}
export interface RateNumbers {
  obliged: number;
  reported: number;
  on_time: number;
}
export interface RateUnit {
  agency: string;
  name: string;
  has_subordinates: boolean;
  self?: boolean;
  months: (RateNumbers & { month: string; frozen: RateNumbers | null })[];
}
export interface ReportRow {
  month?: string;
  agency?: string;
  name?: string;
  kind?: "leave" | "overtime";
  type?: string;
  type_name?: string;
  records: number;
  minutes: number;
}
export interface FindingCount {
  month?: string;
  code?: string;
  severity?: "error" | "warning";
  message?: string;
  agency?: string;
  name?: string;
  findings: number;
  files: number;
}
export interface AuditLine {
  at: string;
  sub: string;
  agency: string;
  acting: string;
  action: string;
  object: string;
  result: string | number;
}
export interface QuarantinedFile {
  submission_id: string;
  agency: string;
  stage: string;
  reason: string;
  at: string;
}
export interface RegistryChange {
  agency: string;
  change: "added" | "changed";
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}
export type Verification = { valid: true; receipt: Receipt } | { valid: false; reason: string };
