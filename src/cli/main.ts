#!/usr/bin/env node
import 'reflect-metadata';
import { runProgram } from './program';

// A reader that has seen enough (`tixline transactions | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// What is still open by then (a pool's idle timer, say) is nobody's business any more.
void runProgram(process.argv.slice(2)).then((code) => process.exit(code));
