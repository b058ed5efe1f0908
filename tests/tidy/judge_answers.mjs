// Judges answers of the running platform by its OpenAPI description: judge_answers.mjs OPENAPI <LINES. A line is
// {method, path, status, type, body}; `path` is a key of `paths`. An object may have no member that is not described.
// Prints what is wrong; exit 1 if anything is, or if an operation was not seen with a good answer.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const api = parse(readFileSync(process.argv[2], 'utf8'));
const closed = (schema) => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (schema.properties && typeof schema.properties === 'object' && !('additionalProperties' in schema)) all.additionalProperties = false;
  return all;
};
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: 'api', components: closed(api.components) });
const resolved = (node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], api) : node);
const local = (schema) => JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"api#/'));

const wrong = [];
const seen = new Set();
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { method, path, status, type, body } = JSON.parse(line);
  const where = `${method} ${path} ${status}`;
  const operation = api.paths[path]?.[method.toLowerCase()];
  const response = resolved(operation?.responses?.[status]);
  const content = response?.content?.[type.split(';')[0]] ?? response?.content?.['*/*'];
  if (status === 204 && response && !response.content) {
    seen.add(`${method.toLowerCase()} ${path}`);
    continue;
  }
  if (!content) {
    wrong.push(`${where} ${type}: not described`);
    continue;
  }
  if (status < 300) seen.add(`${method.toLowerCase()} ${path}`);
  if (!type.includes('json')) continue;
  const check = ajv.compile(local(content.schema));
  if (!check(body)) wrong.push(`${where}: ${ajv.errorsText(check.errors)} ${JSON.stringify(check.errors.map((e) => e.params))}`);
}
for (const [path, operations] of Object.entries(api.paths))
  for (const method of Object.keys(operations))
    if (!seen.has(`${method} ${path}`)) wrong.push(`${method} ${path}: never answered well`);
for (const text of wrong) console.log(text);
process.exitCode = wrong.length ? 1 : 0;
