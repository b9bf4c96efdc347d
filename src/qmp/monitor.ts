import type { Event } from '../shared/emitter.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';

/** The states of a monitor's life, in order; `idle` again after a failed connect or an orderly close. */
export type MonitorState = 'idle' | 'connecting' | 'running' | 'disconnecting';

export interface QemuVersion {
  major: number;
  minor: number;
  micro: number;
  /** The packager's suffix, possibly empty. */
  package: string;
}

/** An event as QEMU sent it. */
export interface QmpEvent {
  name: string;
  data: JsonObject;
  /** QEMU's clock, in microseconds since the Unix epoch (exact: fits 2^53 until the year 2255); 0 when it had none. */
  timestampUs: number;
  /** Our clock when the event arrived, in ms since the Unix epoch. */
  receivedAt: number;
}

export interface ExecuteOptions {
  /** Milliseconds until the call rejects with `CommandTimeoutError`; none by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Run out-of-band (`exec-oob`); refused unless QEMU offered it. */
  outOfBand?: boolean;
}

/**
 * Anything that executes QMP commands and emits events. A socket is one, a libvirt domain another;
 * nothing above knows which it holds.
 */
export interface Monitor {
  /** Where it leads, in the user's words: "unix:/run/vm.sock", "tcp:host:4444". */
  readonly address: string;
  /** True when the VM runs on this machine, so that its clock is ours. */
  readonly isLocal: boolean;
  readonly state: MonitorState;
  /** Known once connected. */
  readonly version: QemuVersion | undefined;
  readonly onEvent: Event<QmpEvent>;
  /** Fires after each change of `state`; `error` tells why the connection ended, absent after `close()`. */
  readonly onStateChange: Event<{ state: MonitorState; error?: Error }>;
  /**
   * @throws QmpCommandError when QEMU answers with an error
   * @throws MonitorClosedError when the connection ends before the reply
   * @throws CommandTimeoutError after `timeoutMs`
   * @throws the signal's reason when aborted; QEMU may still run the command then
   */
  execute(command: string, args?: JsonObject, options?: ExecuteOptions): Promise<JsonValue>;
  /** Ends the connection in order; idempotent; rejects what is pending. */
  close(): Promise<void>;
}
