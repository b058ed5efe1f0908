// The fields of a record and of the header, in the order of the interchange format, with the names
// that the published JSON Schema gives them: the title is Chinese, the description English.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const file = new URL("../../../schemas/submission/v1/submission.schema.json", import.meta.url);
const generated = new URL("../src/api/generated/", import.meta.url);
const schema = JSON.parse(readFileSync(file, "utf8"));
const records = schema.$defs;

function names(kind, member) {
  const listed = Object.entries(records[`${kind}_record`].else.properties);
  for (const [field, property] of listed)
    if (!property[member])
      throw new Error(`${kind}_record.${field} has no ${member} in the schema`);
  return Object.fromEntries(listed.map(([field, property]) => [field, property[member]]));
}

mkdirSync(generated, { recursive: true });
for (const [language, member] of [
  ["zh", "title"],
  ["en", "description"],
]) {
  const envelope = Object.entries(schema.properties).map(([field, one]) => [
    field,
    one[member] ?? field,
  ]);
  const fields = {
    leave: names("leave", member),
    overtime: names("overtime", member),
    envelope: Object.fromEntries(envelope),
  };
  const type = 'Record<"leave" | "overtime" | "envelope", Record<string, string>>';
  const text = `export const fields: ${type} = ${JSON.stringify(fields, null, 2)};\n`;
  writeFileSync(new URL(`fields.${language}.ts`, generated), text);
}
