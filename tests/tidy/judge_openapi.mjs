// An independent judge of an OpenAPI description: judge_openapi.mjs FILE. Prints what is wrong; exit 1 if anything is.
import { Validator } from '@seriousme/openapi-schema-validator';

const result = await new Validator().validate(process.argv[2]);
if (!result.valid) {
  console.log(JSON.stringify(result.errors, null, 1));
  process.exitCode = 1;
}
