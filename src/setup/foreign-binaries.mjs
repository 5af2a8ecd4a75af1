/**
 * ONNX Runtime's package brings the binaries of every system, 290 MB in all; this keeps those of one. npm runs it where the package is
 * installed, and the set-up where it is built.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** npm installs for another system with `--os` and `--cpu`. */
const { npm_config_os: os = process.platform, npm_config_cpu: cpu = process.arch } = process.env;

for (const system of foldersIn(systemsFolder())) {
  for (const folder of foldersIn(system)) {
    if (folder !== join(systemsFolder(), os, cpu)) rmSync(folder, { recursive: true, force: true });
  }
}

function systemsFolder() {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6');
  } catch {
    return ''; // not installed
  }
}

function foldersIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
