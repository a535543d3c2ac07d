/**
 * Loaded into a worker before the program (node --require): while the file SICK_FILE names an event, a settlement that is
 * about to write that event's outcomes ends the process ("exit 7"), or, once, holds its event loop ("block 7 40000").
 */
const { readFileSync, rmSync, writeSync } = require('node:fs');
const { resolve } = require('node:path');
const { Settlement } = require(resolve(__dirname, '../../../../dist/settlement/index.js'));

function sickness() {
  try {
    return readFileSync(process.env.SICK_FILE, 'utf8').split(' ');
  } catch {
    return [];
  }
}

const { write } = Settlement.prototype;
Settlement.prototype.write = function (client, eventId, ...rest) {
  const [how, event, ms] = sickness();
  if (Number(event) === eventId) {
    writeSync(2, `sick: ${how}\n`);
    if (how === 'exit') process.exit(1);
    rmSync(process.env.SICK_FILE);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
  }
  return write.call(this, client, eventId, ...rest);
};
