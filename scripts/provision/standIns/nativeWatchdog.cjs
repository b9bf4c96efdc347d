// Takes the place of native-watchdog in the test workbench: ends the extension host when the server is gone.
const PERIOD_MS = 2000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

exports.start = (pid) => {
  setInterval(() => isAlive(pid) || process.kill(process.pid, 'SIGKILL'), PERIOD_MS).unref();
};

// The extension host has taken process.exit away by now.
exports.exit = (code) => process.reallyExit(code ?? 0);
