/**
 * The title of the browser's tab: heading of the page, name of the platform, and 「錯誤：」 in front
 * while an error summary is shown.
 */
const shown = { heading: "", platform: "", errorPrefix: "", summaries: 0 };

export function titleOf(heading: string, platform: string, errorPrefix: string): string {
  const name = heading === platform ? platform : `${heading} － ${platform}`;
  return `${errorPrefix}${name}`;
}

function write() {
  const prefix = shown.summaries > 0 ? shown.errorPrefix : "";
  document.title = titleOf(shown.heading, shown.platform, prefix);
}

export function showHeading(heading: string, platform: string, errorPrefix: string) {
  Object.assign(shown, { heading, platform, errorPrefix });
  write();
}

export function countErrorSummaries(change: 1 | -1) {
  shown.summaries += change;
  write();
}
