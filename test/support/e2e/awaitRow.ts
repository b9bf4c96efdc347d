import { until } from '../../../scripts/process/until.ts';
import type { TreeRow, TreeView } from '../../../scripts/workbench/treeView.ts';

/** What a row is to look like: texts exactly, patterns anywhere. */
export type RowLook = Partial<Record<'description' | 'icon' | 'ariaLabel', string | RegExp>>;

/** Waits until the tree has a row with this label that looks so. Fails with what the tree shows instead. */
export async function awaitRow(
  tree: TreeView,
  label: string,
  look: RowLook = {},
  deadlineMs?: number,
): Promise<TreeRow> {
  const find = async (): Promise<TreeRow> => {
    const rows = await tree.rows();
    const row = rows.find((candidate) => candidate.label === label && looksSo(candidate, look));
    if (!row) throw new Error(JSON.stringify(rows));
    return row;
  };
  return until(`the row "${label}" to be ${describe(look)}`, find, deadlineMs);
}

/** Waits until the tree has exactly these labels, from top to bottom. */
export async function awaitLabels(tree: TreeView, labels: readonly string[]): Promise<void> {
  const wanted = labels.join(', ');
  await until(`the tree to hold ${wanted || 'nothing'}`, async () => {
    const seen = (await tree.rows()).map(({ label }) => label).join(', ');
    if (seen !== wanted) throw new Error(`it holds ${seen || 'nothing'}`);
    return true;
  });
}

function looksSo(row: TreeRow, look: RowLook): boolean {
  return Object.entries(look).every(([key, wanted]) => {
    const seen = row[key as keyof RowLook];
    return typeof wanted === 'string' ? seen === wanted : wanted.test(seen);
  });
}

function describe(look: RowLook): string {
  const wishes = Object.entries(look).map(([key, wanted]) => `${key} ${wanted}`);
  return wishes.join(', ') || 'there';
}
