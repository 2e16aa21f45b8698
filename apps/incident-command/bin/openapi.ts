import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openApiText } from '../src/docs/open-api.js';

/** Where the description is committed, seen from the root of the checkout. */
const FILE = 'apps/incident-command/openapi.json';

const help = `npm run openapi                writes ${FILE}
npm run openapi -- --check     ends with 1 when it is not what the code says
npm run openapi -- --print     prints it and writes nothing`;

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const wanted = openApiText();
if (values.help) {
  console.log(help);
} else if (values.print) {
  process.stdout.write(wanted);
} else if (!values.check) {
  writeFileSync(FILE, wanted);
  console.log(`${FILE} is written`);
} else if (committed() === wanted) {
  console.log(`${FILE} is what the code says`);
} else {
  console.error(`${FILE} is not what the code says: run npm run openapi and commit it`);
  process.exitCode = 1;
}

function committed(): string | undefined {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return undefined;
  }
}
