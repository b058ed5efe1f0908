// The budget of a first load: for every page, the document, the entry and all that the page imports,
// as gzip sends it, must stay within 180 KiB; the chart file alone within 190 KiB.
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_KIB = 180;
const CHART_KIB = 190;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(
  readFileSync(new URL("../node_modules/.manifest.json", import.meta.url), "utf8"),
);

function sentBytes(file) {
  const packed = new URL(`${file}.gz`, dist);
  if (existsSync(packed)) return readFileSync(packed).length;
  return gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
}

function closure(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const file of chunk.css ?? []) found.add(file);
  for (const imported of chunk.imports ?? []) closure(imported, found);
  return found;
}

const kib = (bytes) => Math.round((bytes / 1024) * 10) / 10;
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const english = Object.keys(manifest).find((key) => key.endsWith("words/en.ts"));
const pages = Object.keys(manifest).filter((key) => key.startsWith("src/pages/"));
const chart = Object.values(manifest).find((chunk) => /assets\/chart-/.test(chunk.file));
const failures = [];

for (const page of pages) {
  const files = closure(entry);
  closure(page, files);
  if (english) closure(english, files);
  files.add("index.html");
  const size = kib([...files].reduce((sum, file) => sum + sentBytes(file), 0));
  console.log(`${String(size).padStart(6)} KiB  ${page}`);
  if (size > FIRST_LOAD_KIB) failures.push(`${page}: ${size} KiB, allowed are ${FIRST_LOAD_KIB}`);
  if (chart && files.has(chart.file)) failures.push(`${page}: the chart is in its first load`);
}
if (!pages.length) failures.push("no page stands in the manifest");
if (!chart) failures.push("there is no assets/chart-HASH.js");
else {
  const size = kib(sentBytes(chart.file));
  console.log(`${String(size).padStart(6)} KiB  the chart`);
  if (size > CHART_KIB) failures.push(`the chart: ${size} KiB, allowed are ${CHART_KIB}`);
}
for (const failure of failures) console.error(failure);
process.exit(failures.length ? 1 : 0);
