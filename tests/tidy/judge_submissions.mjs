// Judges every file of the conformance pack and every sample of the checks (tests/data/checks/cases.json) by the
// published JSON Schema with ajv and compares with what the checks say. The schema may be silent about what a schema
// cannot say; it may never refuse a file that the checks pass.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';

const tree = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name) => fs.readFileSync(path.join(tree, name));

// Codes that the schema says wholly; of the others it says a part or nothing.
const said = new Set(['F07', 'E01', 'E02', 'E03', 'E09', 'E15', 'E16', 'E17', 'S01', 'S02', 'S05', 'S06', 'S07', 'C01', 'C03',
  'C04', 'C05', 'C08', 'L01', 'L03', 'L05', 'L07', 'L12', 'L18', 'L19', 'L21', 'O01', 'O02', 'O10', 'O12', 'O13', 'O14',
  'O15']);

const ajv = new Ajv2020({ allErrors: false, strict: false });
const isGood = ajv.compile(JSON.parse(read('schemas/submission/v1/submission.schema.json')));
const expected = JSON.parse(read('schemas/conformance/expected.json'));
const problems = [];
let judged = 0;
if (!isGood(JSON.parse(read('schemas/submission/v1/sample.json')))) problems.push('the sample of the format is refused');
for (const entry of expected) {
  const bytes = read(path.join('schemas/conformance', entry.file));
  let file;
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    continue; // F04–F06: no JSON at all
  }
  judged += 1;
  const valid = isGood(file);
  const errors = entry.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.code);
  if (errors.some((code) => code === 'F01' || code === 'F08' || code === 'F09' || code === 'F10')) continue;
  if (!valid && entry.error_count === 0) problems.push(`${entry.file}: refused by the schema (${ajv.errorsText(isGood.errors)}) but passed by the checks`);
  if (valid && errors.some((code) => said.has(code))) problems.push(`${entry.file}: ${errors} but valid by the schema`);
}

// The samples: changes of one good file, each with the codes that it raises (unit test Cases holds them to that).
const sample = JSON.parse(read('schemas/submission/v1/sample.json'));
const warnings = new Set(read('schemas/rules/rules.csv').toString().split('\n').slice(1)
  .map((row) => row.split(',')).filter((row) => row[2] === 'warning').map((row) => row[0]));
const arrays = { leave: 'leave_records', overtime: 'overtime_records' };

function change(target, changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value !== null && typeof value === 'object' && '$remove' in value) delete target[key];
    else target[key] = value;
  }
}

function changed(made) {
  const file = structuredClone(sample);
  for (const [kind, array] of Object.entries(arrays)) change(file[array][0], made[kind] ?? {});
  if (made.repeat) {
    file[arrays[made.repeat]].push(structuredClone(file[arrays[made.repeat]][0]));
    file[made.repeat + '_count'] = 2;
  }
  if (made.elements) {
    change(file, made.elements);
    file.leave_count = file.leave_records.length;
    file.overtime_count = file.overtime_records.length;
  }
  change(file, made.envelope ?? {});
  return file;
}

function judge(name, made, codes) {
  judged += 1;
  const errors = codes.filter((code) => !warnings.has(code));
  const valid = isGood(changed(made));
  if (!valid && errors.length === 0) problems.push(`${name}: refused by the schema (${ajv.errorsText(isGood.errors)}) but passed by the checks`);
  if (valid && errors.some((code) => said.has(code))) problems.push(`${name}: ${errors} but valid by the schema`);
}

for (const entry of JSON.parse(read('tests/data/checks/cases.json'))) {
  for (const made of entry.pass) judge(`${entry.code} passes ${JSON.stringify(made)}`, made, made.also ?? []);
  for (const made of entry.fail) judge(`${entry.code} fails ${JSON.stringify(made)}`, made, [entry.code, ...(made.also ?? [])]);
}
for (const problem of problems) console.error(problem);
console.log(`${judged} files judged, ${problems.length} disagreements`);
process.exit(problems.length > 0 || judged < 500 ? 1 : 0);
