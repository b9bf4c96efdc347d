import type { Locator } from 'playwright-core';

/** Those rows of a list whose label is exactly `text`; the text sits in a nested element, which `:text-is` misses. */
export function labelled(rows: Locator, text: string): Locator {
  const exactly = new RegExp(`^\\s*${escapeForPattern(text)}\\s*$`);
  return rows.filter({ has: rows.page().locator('.label-name', { hasText: exactly }) });
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
