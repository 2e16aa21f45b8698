import { subscribersCommand } from './subscribers-command.js';

process.exitCode = await subscribersCommand(process.argv.slice(2), {
  stdin: process.stdin,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
