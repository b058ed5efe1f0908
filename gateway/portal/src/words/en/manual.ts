import type { Manual } from "../zh/manual";

export const manual: Manual = {
  intro: "In a hurry? “A month in three minutes” is enough. Look up the rest when you need it.",
  contents: "Contents",
  notes: "Good to know",
  chapters: [
    {
      id: "quick",
      title: "A month in three minutes",
      lead: "The deadline is usually the 20th of the next month; on a day off it moves. The home page has the exact day under “Deadline”.",
      steps: [
        "After the login look at “This month's work” on the home page and choose “Report” for the month.",
        "Choose “Choose files” and take the JSON files of your attendance system, up to 10 at once.",
        "Choose “Test only”. If the files pass, go on; if there are errors, read “Correcting errors” first.",
        "Choose “Submit”. Once the page says that everything was received you are done and may close it.",
      ],
      notes: [
        "If your system reports by itself, you need not upload anything: see that the status is “reported”.",
        "Some wrong records do not hold up the others: the good ones count, the wrong ones are sent again.",
      ],
    },
    {
      id: "login",
      title: "Logging in and switching agencies",
      lead: "You use your single sign-on account; the platform has no password of its own.",
      steps: [
        "Choose “Log in”. After the single sign-on you are back on the page that you wanted.",
        "If you also act for other agencies, choose one first.",
        "The top of the page says for which agency you act. “Switch agency” leads to another one.",
      ],
      notes: [
        "“Not authorised yet” lists the six steps by which your agency authorises you.",
        "Two windows can act for two agencies at the same time.",
        "After a while without work you are asked whether to stay. After a new login, text and chosen files are still there.",
      ],
    },
    {
      id: "check",
      title: "Checking without reporting",
      lead: "“Check JSON files” only checks: nothing is stored, and nothing is reported. Good for test files of a vendor.",
      steps: [
        "Open “Check JSON files”, choose the files, then “Start check”.",
        "For each file you see whether it passes, and which records and fields are wrong.",
        "Afterwards do not forget to report the files under “Submit files”.",
      ],
      notes: [
        "Only .json files of up to 5 MB are taken. A refused file does not touch the others that you chose.",
      ],
    },
    {
      id: "submit",
      title: "Submitting files",
      lead: "“Test only” shows what is wrong and how the files differ from what the platform has: new, changed, same, deleted.",
      steps: [
        "Choose the files, then “Test only”. A bar reminds you that nothing has been sent yet.",
        "See that the agency named beside “Submit” is the right one, then choose “Submit”.",
        "You are asked once more if there are errors, if a file names another agency, or if the agency is a delegated one.",
        "Once everything was received, each file's result appears on the same page, and later in “Notices”.",
      ],
      notes: [
        "If the connection breaks, the platform tries again by itself; one upload never counts twice.",
        "A file that is sent a second time changes nothing: its records are “unchanged”.",
        "If you need a proof, print the receipt on the page “Outcome”.",
      ],
    },
    {
      id: "correct",
      title: "Correcting errors",
      lead: "Wrong records do not count until they are corrected and sent again. Before the deadline is early enough.",
      steps: [
        "Open “Findings”: it lists what is still open. The red cells are the wrong fields.",
        "Choose a message: it says what was found, what is expected, and who can mend it.",
        "Correct the record in your attendance system, raise its revision by one, and send it the same way again. The corrected records alone are enough.",
        "When it has been taken, the finding turns to “fixed” by itself.",
      ],
      notes: [
        "Severity “error”: must be corrected. “Warning”: counts all the same, but have a look.",
        "If one error hits many records, look at “By rule” and choose “Copy for the vendor”; the text holds no personal data.",
        "In “By record” the keys J and K go to the next and the previous wrong cell; Enter explains it.",
      ],
    },
    {
      id: "zero",
      title: "No data this month",
      lead: "A month without any leave or overtime has to be reported too, or it is overdue.",
      steps: [
        "Open “Submit files” and see that the month at the bottom of the page is right.",
        "Choose “No data this month”, compare agency and month, and confirm.",
        "When the status on the home page says that there was nothing to report, you are done.",
      ],
      notes: ["If data turn up later, simply report them; nothing has to be cancelled."],
    },
    {
      id: "unmatched",
      title: "Unmatched records",
      lead: "The file is right, but Table 19 does not have this person on that day, so the record does not count yet.",
      steps: [
        "Open “Unmatched records” and see the reason and who mends it.",
        "If it is the personnel office: ask them to update Table 19. Then the records are matched by themselves.",
        "If it is the clerk: the person id or the date is mostly wrong. Correct it and send it again.",
      ],
      notes: [
        "For an unknown person check the person id first; for the other reasons compare the dates with Table 19.",
      ],
    },
    {
      id: "notices",
      title: "Notices",
      lead: "Results, deadlines and reminders are here; the menu shows how many you have not read. Important ones are mailed too.",
      steps: [
        "Open “Notices”: the newest are first, unread ones are marked.",
        "The text of a notice leads to the page where something is to be done.",
        "When you have seen them all, choose “Mark all as read”.",
      ],
      notes: [
        "Reminders come five days and one day before the deadline and once after it, but not to who has reported.",
      ],
    },
    {
      id: "supervisor",
      title: "Supervising agencies: rates and reminders",
      lead: "“Reporting rates” shows how your subordinates, with all below them, have reported.",
      steps: [
        "Open “Reporting rates”: it lists the agencies that have not reported the month.",
        "Tick agencies (“Choose all” ticks them at once), choose “Remind” and confirm: a mail and a notice go out, once a day for each agency.",
        "An agency's name leads to its subordinates; the levels on top lead back.",
      ],
      notes: [
        "Frozen figures are those of the deadline and never change; live ones follow late reports.",
      ],
    },
    {
      id: "personnel",
      title: "Personnel offices: Table 19",
      lead: "Table 19 decides whether a record counts. Please keep it up to date.",
      steps: [
        "Open “Table 19 loads”, choose all or changes, the file, and load it.",
        "Look at the counts and the rejected lines; export them, correct them, and load again.",
        "After that the unmatched records are matched anew by themselves.",
      ],
      notes: [],
    },
    {
      id: "trouble",
      title: "If something does not work",
      lead: "Read what the page says, then try again. If that does not help, ask the operator named at the bottom.",
      steps: [
        "The platform cannot be reached: check your network. Files that were received are safe.",
        "No permission: see whether the agency at the top is the right one, or switch.",
        "Page not found: the link may belong to another agency. Start from the home page.",
        "Being processed by the platform: the file was received; you need not send it again.",
      ],
      notes: ["When you ask, name the submission id, but never a person's id or name."],
    },
  ],
};
