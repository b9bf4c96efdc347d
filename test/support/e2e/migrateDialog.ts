import type { QuickInput } from '../../../scripts/workbench/quickInput.ts';
import type { WorkbenchUnderTest } from './workbenchUnderTest.ts';

/** The titles of the four steps of "Migrate VM…". */
export const STEPS = {
  destination: /destination/,
  declared: /declared switchover bandwidth/,
  maxBandwidth: /max-bandwidth/,
  downtimeLimit: /downtime-limit/,
} as const;

export interface DialogAnswers {
  /** Label of a VM, or a URI to type. */
  readonly destination?: string;
  /** What to type; absent: not declared. */
  readonly declared?: string;
  readonly maxBandwidth?: string;
  readonly downtimeLimit?: string;
}

/** The dialog of "Migrate VM…", answered as a person would. */
export class MigrateDialog {
  readonly quickInput: QuickInput;
  private readonly stage: WorkbenchUnderTest;

  constructor(stage: WorkbenchUnderTest) {
    this.stage = stage;
    this.quickInput = stage.workbench.quickInput;
  }

  /** Opens it by the arrow of the source in the tree. */
  async open(): Promise<void> {
    await this.stage.tree.clickInlineAction('source', 'Migrate VM…');
    await this.quickInput.waitForTitle(STEPS.destination);
  }

  /** From the first step to the second. */
  async answerDestination(destination = 'destination'): Promise<void> {
    if (destination.includes(':')) await this.quickInput.type(destination);
    await this.quickInput.pick(destination);
    await this.quickInput.waitForTitle(STEPS.declared);
  }

  /** From the second step to the third. */
  async answerDeclared(text: string | undefined): Promise<void> {
    if (text === undefined) await this.quickInput.pick(/Not declared|Go on without declaring/);
    else {
      await this.quickInput.type(text);
      await this.quickInput.pick(/^\d+$/.test(text) ? `${text} B/s =` : `${text} =`);
    }
    await this.quickInput.waitForTitle(STEPS.maxBandwidth);
  }

  /** From the third step to the fourth. */
  async answerMaxBandwidth(text = '32MiB/s'): Promise<void> {
    await this.quickInput.typeAndAccept(text);
    await this.quickInput.waitForTitle(STEPS.downtimeLimit);
  }

  async answerDowntimeLimit(text = '300'): Promise<void> {
    await this.quickInput.typeAndAccept(text);
    await this.quickInput.waitUntilClosed();
  }

  /** All of it, from the tree to the last Enter. */
  async migrate(answers: DialogAnswers = {}): Promise<void> {
    await this.open();
    await this.answerDestination(answers.destination);
    await this.answerDeclared(answers.declared);
    await this.answerMaxBandwidth(answers.maxBandwidth);
    await this.answerDowntimeLimit(answers.downtimeLimit);
  }
}
