/**
 * Loaded into a process before the program (node --require): its clock stands by as many milliseconds off as the file
 * CLOCK_FILE says, from one moment to the next when that changes. Timers go on, as they do when a machine's clock is set.
 */
const { readFileSync } = require('node:fs');

const read = () => Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0;
let offMs = read();
setInterval(() => (offMs = read()), 20).unref();

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offMs);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offMs;
  }
};
