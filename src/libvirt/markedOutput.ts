const NOTHING: Buffer = Buffer.alloc(0);

/** Output of a process, cut at marks that the process was told to print. */
export class MarkedOutput {
  private parts: Buffer[] = [];
  /** The last bytes, too few for a mark, but one may begin in them. */
  private tail = NOTHING;
  private mark: string | undefined;
  private onMark: (text: string) => void = () => {};

  /** Calls back once, with all that came before `mark` and was not taken before; at once if it is here already. */
  await(mark: string, onMark: (text: string) => void): void {
    this.mark = mark;
    this.onMark = onMark;
    this.tail = NOTHING;
    this.look(Buffer.concat(this.parts));
  }

  push(chunk: Buffer): void {
    this.parts.push(chunk);
    this.look(chunk);
  }

  /** Looks at the newest bytes only: the work grows with the output, not with its square. */
  private look(newest: Buffer): void {
    if (this.mark === undefined) return;
    const window = Buffer.concat([this.tail, newest]);
    this.tail = window.subarray(Math.max(0, window.length - this.mark.length + 1));
    if (!window.includes(this.mark)) return;
    const all = Buffer.concat(this.parts);
    const at = all.indexOf(this.mark);
    this.parts = [all.subarray(at + this.mark.length)];
    this.mark = undefined;
    this.onMark(all.toString('utf8', 0, at));
  }
}
