import type * as zh from "../zh/fields";

const shared = {
  action: "Action",
  record_no: "Form number",
  record_seq: "Sequence",
  revision: "Revision",
  person_id: "Person id",
  person_name: "Name",
  org_code: "Agency of the record",
};

export const fields: typeof zh.fields = {
  leave: {
    ...shared,
    leave_type: "Leave type",
    sub_type: "Sub-type",
    start_date: "Start date",
    start_time: "Start time",
    end_date: "End date",
    end_time: "End time",
    leave_minutes: "Minutes",
    reason: "Reason",
    location: "Place",
    abroad_type: "Abroad",
    event_date: "Date of event",
  },
  overtime: {
    ...shared,
    overtime_type: "Overtime type",
    day_type: "Kind of day",
    overtime_date: "Overtime date",
    start_date: "Start date",
    start_time: "Start time",
    end_date: "End date",
    end_time: "End time",
    reason: "Reason",
    location: "Place",
    approval_no: "Approval number",
    overtime_minutes: "Minutes",
    paid_minutes: "Paid minutes",
    comp_minutes: "Minutes in lieu",
    award_minutes: "Awarded minutes",
    void_minutes: "Minutes not counted",
  },
};
