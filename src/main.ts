import 'reflect-metadata';
import { run } from './run.js';

void run();
