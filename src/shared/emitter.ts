import { type Disposable, toDisposable } from './disposable.ts';

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** A source of events. After `dispose` nothing fires any more. */
export class Emitter<T> implements Disposable {
  private listeners: Set<(value: T) => void> | undefined = new Set();

  readonly event: Event<T> = (listener) => {
    const listeners = this.listeners;
    // A function of our own, so that adding one listener twice makes two subscriptions.
    const entry = (value: T): void => listener(value);
    listeners?.add(entry);
    return toDisposable(() => listeners?.delete(entry));
  };

  /** Calls every listener, also when one of them throws; what was thrown first is thrown again at the end. */
  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...(this.listeners ?? [])]) {
      if (!this.listeners?.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  dispose(): void {
    this.listeners?.clear();
    this.listeners = undefined;
  }
}
