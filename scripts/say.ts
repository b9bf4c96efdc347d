/** Prints one line for the person who started the script. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what a step of the script is about to do. */
export function sayStep(text: string): void {
  say(`\n── ${text}`);
}
