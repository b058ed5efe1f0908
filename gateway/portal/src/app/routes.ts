import { type ComponentType, lazy } from "react";
import type { Role } from "../api/shapes";
import type { Words } from "../words/zh";

/** Every page: where it stands, its h1, who may open it, and its link in 「主選單」, in this order. */
type Title = keyof Words["frame"]["titles"];
interface PageRoute {
  path: string;
  title: Title;
  roles: Role[];
  page: ComponentType;
  inMenu?: boolean;
}

const ALL: Role[] = ["agency_clerk", "supervisor", "personnel_office", "operator", "auditor"];
const READERS: Role[] = ["agency_clerk", "supervisor", "operator", "auditor"];
const CLERK: Role[] = ["agency_clerk"];
const RATES: Role[] = ["supervisor", "operator", "auditor"];

export const AGENCY_PAGES: PageRoute[] = [
  {
    path: "",
    title: "home",
    roles: ALL,
    inMenu: true,
    page: lazy(() => import("../pages/home/HomePage")),
  },
  {
    path: "summary",
    title: "summary",
    roles: READERS,
    inMenu: true,
    page: lazy(() => import("../pages/summary/SummaryPage")),
  },
  {
    path: "findings",
    title: "findings",
    roles: READERS,
    inMenu: true,
    page: lazy(() => import("../pages/findings/AgencyFindingsPage")),
  },
  {
    path: "reports",
    title: "reports",
    roles: READERS,
    inMenu: true,
    page: lazy(() => import("../pages/reports/ReportsPage")),
  },
  {
    path: "check",
    title: "check",
    roles: CLERK,
    inMenu: true,
    page: lazy(() => import("../pages/check/CheckPage")),
  },
  {
    path: "submit",
    title: "submit",
    roles: CLERK,
    inMenu: true,
    page: lazy(() => import("../pages/submit/SubmitPage")),
  },
  {
    path: "unmatched",
    title: "unmatched",
    roles: ALL,
    inMenu: true,
    page: lazy(() => import("../pages/unmatched/UnmatchedPage")),
  },
  {
    path: "rates",
    title: "rates",
    roles: RATES,
    inMenu: true,
    page: lazy(() => import("../pages/rates/RatesPage")),
  },
  {
    path: "notices",
    title: "notices",
    roles: READERS,
    inMenu: true,
    page: lazy(() => import("../pages/notices/NoticesPage")),
  },
  {
    path: "integration",
    title: "integration",
    roles: CLERK,
    inMenu: true,
    page: lazy(() => import("../pages/integration/IntegrationPage")),
  },
  {
    path: "table19",
    title: "table19",
    roles: ["personnel_office", "operator"],
    inMenu: true,
    page: lazy(() => import("../pages/table19/Table19Page")),
  },
  {
    path: "admin",
    title: "admin",
    roles: ["operator", "auditor"],
    inMenu: true,
    page: lazy(() => import("../pages/admin/AdminPage")),
  },
  {
    path: "submissions",
    title: "history",
    roles: READERS,
    page: lazy(() => import("../pages/history/HistoryPage")),
  },
  {
    path: "submissions/:id",
    title: "submission",
    roles: READERS,
    page: lazy(() => import("../pages/submission/SubmissionPage")),
  },
  {
    path: "submissions/:id/findings",
    title: "findings",
    roles: READERS,
    page: lazy(() => import("../pages/findings/SubmissionFindingsPage")),
  },
];

export const OPEN_PAGES: Omit<PageRoute, "roles">[] = [
  {
    path: "rules",
    title: "rules",
    inMenu: true,
    page: lazy(() => import("../pages/rules/RulesPage")),
  },
  {
    path: "format",
    title: "format",
    inMenu: true,
    page: lazy(() => import("../pages/format/FormatPage")),
  },
  {
    path: "verify",
    title: "verify",
    inMenu: true,
    page: lazy(() => import("../pages/verify/VerifyPage")),
  },
  { path: "manual", title: "manual", page: lazy(() => import("../pages/manual/ManualPage")) },
  { path: "rules/:code", title: "rules", page: lazy(() => import("../pages/rules/RulePage")) },
];
export const PublicHome = lazy(() => import("../pages/public/PublicHomePage"));
export const IdentityPage = lazy(() => import("../pages/identity/IdentityPage"));
