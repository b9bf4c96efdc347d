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

  fire(value: T): void {
    for (const listener of [...(this.listeners ?? [])]) {
      if (this.listeners?.has(listener)) listener(value);
    }
  }

  dispose(): void {
    this.listeners?.clear();
    this.listeners = undefined;
  }
}
