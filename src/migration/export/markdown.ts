/** A table whose cells may hold anything. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that came from elsewhere, such as the name of a VM. */
export function escapeText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>#&~]/g, '\\$&');
}

function escapeCell(text: string): string {
  return escapeText(text).replace(/\|/g, '\\|');
}
