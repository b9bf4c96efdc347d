// Takes the place of @vscode/spdlog in the test workbench, whose native build needs a compiler and a minute.
// Without it the workbench has no log files, and the extension's output channels stay empty.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = LEVELS.indexOf('info');
    this.formatted = true;
  }
  append(level, message) {
    if (level < this.level || !this.file) return;
    const stamp = new Date().toISOString().slice(0, 23).replace('T', ' ');
    try {
      appendFileSync(this.file, this.formatted ? `${stamp} [${LEVELS[level]}] ${message}\n` : message);
    } catch {
      // The log folder goes away before the workbench does.
    }
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.formatted = false;
  }
  setPattern() {}
  flush() {}
  drop() {
    this.file = undefined;
  }
}

for (const [level, name] of LEVELS.entries()) {
  const method = name === 'warning' ? 'warn' : name;
  Logger.prototype[method] = function log(message) {
    this.append(level, message);
  };
}

async function createRotatingLogger(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

// Assigned one by one: the workbench imports them by name, and only so does Node see the names.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = createRotatingLogger;
exports.createAsyncRotatingLogger = createRotatingLogger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
