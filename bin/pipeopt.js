#!/usr/bin/env node
import { main } from '../dist/pipeopt.js';

process.exitCode = await main(process.argv);
