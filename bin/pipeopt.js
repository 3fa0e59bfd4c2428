#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Node 22 and newer can keep compiled code from run to run: in the user's own cache, not where others may write too.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
if (existsSync(cache)) module.enableCompileCache?.(join(cache, 'pipeopt'));
const { main } = await import('../dist/pipeopt.js');
process.exitCode = await main(process.argv);
