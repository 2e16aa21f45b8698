// Every npm script comes through here, so that each works on a fresh clone with nothing but Node and npm:
//   node libs/runtime/bin/prepare.mjs <command> [arguments]
// It installs what is missing and builds what is stale, says so on standard error, and hands over. No dependencies.
const LEAST_NODE = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  console.error(
    `Larum needs Node ${LEAST_NODE.join('.')} or newer, and this is ${process.versions.node}: install a newer one from nodejs.org`,
  );
  process.exit(1);
}

// Only now: an old Node could not even read the rest.
const { runCommand } = await import('./run-command.mjs');
await runCommand(process.argv[2], process.argv.slice(3));
