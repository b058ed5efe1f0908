import type * as zh from "../zh/manual";

export const manual: typeof zh.manual = {
  intro: "For clerks, supervising agencies and personnel offices who are new here.",
  chapters: [
    {
      title: "Logging in and switching agencies",
      steps: [
        "Choose “Log in” and use your single sign-on account. Your agency must have authorised you.",
        "If you act for other agencies too, choose one; the top of the page shows which.",
        "Each window can act for another agency: the code in the address says for which.",
      ],
    },
    {
      title: "Reporting a month",
      steps: [
        "The home page lists the months that are open or overdue. Choose “Report”.",
        "Choose the files, test them, then submit them.",
        "Once the page says that everything was received you may leave it.",
        "For a month without leave and overtime use “No data this month”.",
      ],
    },
    {
      title: "Correcting",
      steps: [
        "“Findings” shows which record and field is wrong. Choose a message for an explanation.",
        "Correct it in your system, raise the revision, and send it the same way again.",
        "If one cause hits many records, look at “By rule” and copy the text for the vendor.",
      ],
    },
    {
      title: "Unmatched records",
      steps: [
        "Records without a row in Table 19 are not counted; the list says who mends them.",
        "After Table 19 is mended they are matched by themselves.",
      ],
    },
    {
      title: "Supervising agencies",
      steps: [
        "“Reporting rates” shows your subordinates, first those that have not reported.",
        "Choose agencies and press “Remind”: a mail and a notice go out, once a day each.",
      ],
    },
  ],
};
