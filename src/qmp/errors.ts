/** Base of everything that goes wrong between us and a monitor. */
export class QmpError extends Error {
  override readonly name: string = 'QmpError';
}

/** QEMU answered a command with an error. `message` is QEMU's own description. */
export class QmpCommandError extends QmpError {
  override readonly name = 'QmpCommandError';

  readonly command: string;
  /** GenericError, CommandNotFound, DeviceNotActive, DeviceNotFound, KVMMissingCap, or one of a later QEMU. */
  readonly errorClass: string;

  constructor(command: string, errorClass: string, description: string) {
    super(description);
    this.command = command;
    this.errorClass = errorClass;
  }
}

export type ConnectFailure =
  | 'bad-address'
  | 'not-found'
  | 'refused'
  | 'permission'
  | 'unreachable'
  | 'no-greeting'
  | 'not-qmp'
  | 'closed';

/** No QMP session could be opened. `message` tells the user what happened, where, and what to do next. */
export class MonitorConnectError extends QmpError {
  override readonly name = 'MonitorConnectError';

  readonly reason: ConnectFailure;

  constructor(reason: ConnectFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The connection ended before the reply came: whether the command ran is not known. */
export class MonitorClosedError extends QmpError {
  override readonly name = 'MonitorClosedError';
}

/** The peer sent something that is not QMP. */
export class ProtocolError extends QmpError {
  override readonly name = 'ProtocolError';
}

/** The reply did not come in time. */
export class CommandTimeoutError extends QmpError {
  override readonly name = 'CommandTimeoutError';

  readonly command: string;
  readonly timeoutMs: number;

  constructor(command: string, timeoutMs: number, sent = true) {
    super(
      `${command}: no reply within ${timeoutMs} ms; ${sent ? 'QEMU may still run it' : 'it was not sent'}`,
    );
    this.command = command;
    this.timeoutMs = timeoutMs;
  }
}
