/**
 * Loaded into a worker before the program (node --require): the DIE_AT-th time that it has committed a settlement and is
 * about to complete its permits it kills itself, as SIGKILL at that very moment would.
 */
const { writeSync } = require('node:fs');
const { resolve } = require('node:path');
const { EventLines } = require(resolve(__dirname, '../../../../dist/platform/queue/index.js'));

let settlements = 0;
const { complete } = EventLines.prototype;
EventLines.prototype.complete = function (claimed) {
  settlements += 1;
  if (settlements < Number(process.env.DIE_AT)) return complete.call(this, claimed);
  writeSync(2, `died holding ${claimed.length} permits that were settled\n`);
  return process.kill(process.pid, 'SIGKILL');
};
