/** Filters of the list of agencies; the first is what a supervisor looks for. */
export const UNREPORTED = "missing,due,not_due";
export const STATUS_CHOICES = [
  UNREPORTED,
  "all",
  "reported",
  "zero",
  "missing",
  "not_due",
  "exempt",
  "not_obliged",
] as const;
