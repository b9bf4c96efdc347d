import * as vscode from 'vscode';

/** Shows a notification while `run` is busy; its Cancel button aborts the signal. */
export async function withCancellableProgress<T>(
  title: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const cancelled = new AbortController();
    const subscription = token.onCancellationRequested(() => cancelled.abort());
    try {
      return await run(cancelled.signal);
    } finally {
      subscription.dispose();
    }
  });
}
