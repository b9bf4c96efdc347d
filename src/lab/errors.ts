export type VmPairFailure =
  /** The program could not be started at all. */
  | 'qemu-missing'
  | 'qemu-too-old'
  /** It ended before its monitor answered, or before its guest ran. */
  | 'qemu-exited'
  | 'timeout'
  /** The temporary directory can not be used. */
  | 'directory'
  /** The pair was stopped meanwhile. */
  | 'stopped';

/** The local pair could not be started. `message` tells the user what happened, where, and what to do next. */
export class VmPairError extends Error {
  override readonly name = 'VmPairError';

  readonly reason: VmPairFailure;

  constructor(reason: VmPairFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
