import { until } from '../../../scripts/process/until.ts';
import type { QuickInput } from '../../../scripts/workbench/quickInput.ts';

/**
 * Waits until VS Code's own file dialog proposes this path. Before, it goes through the folders above, and would
 * overwrite what is typed.
 */
export async function awaitFileDialog(
  quickInput: QuickInput,
  title: string,
  proposed: string,
): Promise<void> {
  await quickInput.waitForTitle(title);
  await awaitValue(quickInput, proposed);
}

/** Answers it with another path. */
export async function answerFileDialog(
  quickInput: QuickInput,
  title: string,
  { proposed, file }: { proposed: string; file: string },
): Promise<void> {
  await awaitFileDialog(quickInput, title, proposed);
  await quickInput.type(file);
  await awaitValue(quickInput, file);
  await quickInput.accept();
}

async function awaitValue(quickInput: QuickInput, wanted: string): Promise<void> {
  await until(`the file dialog to show ${wanted}`, async () => {
    const value = await quickInput.value();
    if (value !== wanted) throw new Error(value);
    return true;
  });
}
