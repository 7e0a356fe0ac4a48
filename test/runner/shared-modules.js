import { mkdirSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';
import Runtime from 'jest-runtime';

const ROOT = pathToFileURL(`${process.cwd()}/`).href;
const MAPS = '.scratch/source-maps';
const maps = new Map();
let runs = 0;

/**
 * Lets Node itself import what a test imports, once for all test files of a worker. Jest would load the whole server again
 * for each file, into a context of its own, and spend more time on that than on the tests. Everything else stays Jest's.
 */
class SharedModulesRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    // `expect.any(String)` asks whether it was given the String that it knows.
    Object.assign(environment.global, { Array, BigInt, Boolean, Function, Number, Object, String, Symbol });
  }

  setGlobalsForRuntime(globals) {
    Object.assign(globalThis, globals);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    await import(`${pathToFileURL(path).href}?run=${(runs += 1)}`);
  }

  getSourceMaps() {
    return maps;
  }
}

mkdirSync(MAPS, { recursive: true });
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !specifier.startsWith('.')) throw error;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
  load(url, context, next) {
    const { href, pathname } = new URL(url);
    if (!pathname.endsWith('.ts') || !href.startsWith(ROOT) || pathname.includes('/node_modules/'))
      return next(url, context);
    const file = fileURLToPath(href);
    const { code, map } = transformFileSync(file, { sourceMaps: true });
    const place = join(MAPS, `${file.slice(process.cwd().length + 1).replaceAll('/', '.')}.map`);
    writeFileSync(place, map ?? '');
    maps.set(url, place);
    maps.set(file, place);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

// What `require` returns, by which Jest loads a runtime.
export { SharedModulesRuntime as 'module.exports' };
