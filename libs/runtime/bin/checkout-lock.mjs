import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beganAt, endTools, toolAtWork } from './processes.mjs';
import { root, say } from './root.mjs';

const folder = path.join(root, '.cache');
const lock = path.join(folder, 'prepare.lock');
const takeover = path.join(folder, 'prepare.takeover');

const BEAT_MS = 1_000;
/** An owner on another machine, or in another container, whose lock was not touched for this long is gone. */
const SILENT_MS = 15_000;
const ASK_EVERY_MS = 100;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs `work` while no other process installs or builds in this checkout. Waits for one that does; takes over from one that died. */
export async function withCheckoutLock(work) {
  mkdirSync(folder, { recursive: true });
  const me = JSON.stringify({
    id: randomUUID(),
    host: os.hostname(),
    pid: process.pid,
    began: beganAt(process.pid),
  });
  for (let told = false; !take(me);) {
    const owner = read();
    const tool = toolAtWork();
    if (owner !== undefined && isGone(owner) && tool === undefined) removeDead(owner.text);
    else if (owner !== undefined && !told) {
      say(`process ${tool ?? owner.pid} is installing or building here; waiting for it`);
      told = true;
    }
    await pause(ASK_EVERY_MS);
  }
  const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), BEAT_MS);
  const release = () => {
    if (read()?.text === me) rmSync(lock, { force: true });
  };
  const stop = async (signal) => {
    await endTools(signal);
    release();
    process.exit(128 + os.constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    clearInterval(beat);
    release();
  }
}

/** Whole or not at all: the file appears with its content. */
function take(me) {
  const fresh = `${lock}.${process.pid}`;
  writeFileSync(fresh, me);
  try {
    linkSync(fresh, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(fresh, { force: true });
  }
}

function read() {
  try {
    const text = readFileSync(lock, 'utf8');
    return { ...JSON.parse(text), text, silentMs: Date.now() - statSync(lock).mtimeMs };
  } catch {
    return undefined;
  }
}

/** On this machine a process is there or not, and one that sleeps goes on when it wakes; of another only its silence tells. */
function isGone({ host, pid, began, silentMs }) {
  return host === os.hostname() ? beganAt(pid) !== began : silentMs > SILENT_MS;
}

/** One at a time, and only the very lock that was seen: else the second of two could remove the lock of the first. */
function removeDead(text) {
  try {
    if (Date.now() - statSync(takeover).mtimeMs > SILENT_MS) rmSync(takeover, { force: true });
  } catch {
    // nobody is taking over
  }
  try {
    writeFileSync(takeover, '', { flag: 'wx' });
  } catch {
    return;
  }
  if (read()?.text === text) rmSync(lock, { force: true });
  rmSync(takeover, { force: true });
}
