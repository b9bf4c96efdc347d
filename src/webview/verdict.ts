import { element, setText } from './dom.ts';

/** A screen reader would be talked over by anything faster. */
const QUIET_MS = 3000;

/** The verdict, read out by screen readers: a change of words at once, changing numbers every few seconds. */
export class Verdict {
  readonly root = element('p', { class: 'verdict', role: 'status', 'aria-live': 'polite' });
  private status: string | undefined;
  private next = '';
  private timer: number | undefined;

  show(text: string, status: string): void {
    this.next = text;
    if (status !== this.status || this.root.textContent === '') {
      this.status = status;
      this.write();
    } else if (this.timer === undefined && text !== this.root.textContent) {
      this.write();
    }
  }

  private write(): void {
    window.clearTimeout(this.timer);
    setText(this.root, this.next);
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      if (this.next !== this.root.textContent) this.write();
    }, QUIET_MS);
  }
}
