// The words for the codes of the API, one file per language: a browser loads only the language
// that it shows.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const file = new URL("../../../schemas/words.json", import.meta.url);
const generated = new URL("../src/api/generated/", import.meta.url);
const groups = Object.entries(JSON.parse(readFileSync(file, "utf8")));

function spoken(group, words, language) {
  const said = Object.entries(words).map(([code, word]) => {
    if (!word[language]) throw new Error(`${group}.${code} has no ${language} in words.json`);
    return [code, word[language]];
  });
  return [group, Object.fromEntries(said)];
}

mkdirSync(generated, { recursive: true });
for (const language of ["zh", "en"]) {
  const codes = Object.fromEntries(groups.map(([name, words]) => spoken(name, words, language)));
  const text = `export const codes = ${JSON.stringify(codes, null, 2)};\n`;
  writeFileSync(new URL(`codes.${language}.ts`, generated), text);
}
