import * as vscode from 'vscode';
import { DisposableList } from '../shared/disposable.ts';
import { CancelledError } from './errorBoundary.ts';

/** The user pressed the Back button. */
export const back = Symbol('back');

/** One step of a dialog. It may answer `back`. */
export type Step<S> = (
  state: S,
  frame: { step: number; totalSteps: number; canGoBack: boolean },
) => Promise<typeof back | undefined>;

/**
 * Leads through steps which fill in `state`; Back returns to the step before.
 * @throws CancelledError when the user presses Esc anywhere
 */
export async function runSteps<S>(state: S, steps: readonly Step<S>[]): Promise<S> {
  for (let i = 0; i < steps.length; ) {
    const step = steps[i] as Step<S>;
    const answer = await step(state, { step: i + 1, totalSteps: steps.length, canGoBack: i > 0 });
    i = answer === back ? Math.max(0, i - 1) : i + 1;
  }
  return state;
}

export interface ChoiceItem<T> extends vscode.QuickPickItem {
  /** Absent: the item only tells something and can't be chosen. */
  choice?: { value: T };
}

export interface PickOptions<T> {
  title: string;
  placeholder: string;
  step: number;
  totalSteps: number;
  canGoBack: boolean;
  /** The items for what is typed at the moment. */
  items: (typed: string) => ChoiceItem<T>[];
  initial?: string;
  /** Told of everything that is typed, so that it stands there again when the user comes back to this step. */
  onType?: (text: string) => void;
}

/** A list that answers to what is typed: every item stays visible and the first that can be chosen is active. */
export function pickStep<T>(options: PickOptions<T>): Promise<{ value: T } | typeof back> {
  const pick = vscode.window.createQuickPick<ChoiceItem<T>>();
  pick.placeholder = options.placeholder;
  pick.value = options.initial ?? '';
  const update = (): void => {
    pick.items = options.items(pick.value.trim()).map((item) => ({ ...item, alwaysShow: true }));
    pick.activeItems = pick.items.filter((item) => item.choice).slice(0, 1);
  };
  update();
  return show(pick, options, (accept, own) => {
    own.add(
      pick.onDidChangeValue((text) => {
        options.onType?.(text);
        update();
      }),
    );
    own.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.choice) accept(item.choice);
      }),
    );
  });
}

export interface InputOptions {
  title: string;
  prompt: string;
  placeholder?: string;
  value: string;
  step: number;
  totalSteps: number;
  canGoBack: boolean;
  /** What to say about the text: an error keeps it from being accepted. */
  check: (text: string) => { error: string } | { echo: string };
  /** As in `PickOptions`. */
  onType?: (text: string) => void;
}

/** A text field that says what it understood while one types. */
export function inputStep(options: InputOptions): Promise<{ value: string } | typeof back> {
  const input = vscode.window.createInputBox();
  input.prompt = options.prompt;
  input.placeholder = options.placeholder;
  input.value = options.value;
  const update = (): boolean => {
    const result = options.check(input.value.trim());
    input.validationMessage =
      'error' in result
        ? { message: result.error, severity: vscode.InputBoxValidationSeverity.Error }
        : // In the place of the prompt, which the editor hides then.
          { message: `${result.echo} ${options.prompt}`, severity: vscode.InputBoxValidationSeverity.Info };
    return 'echo' in result;
  };
  update();
  return show(input, options, (accept, own) => {
    own.add(
      input.onDidChangeValue((text) => {
        options.onType?.(text);
        update();
      }),
    );
    own.add(
      input.onDidAccept(() => {
        if (update()) accept({ value: input.value.trim() });
      }),
    );
  });
}

function show<R>(
  input: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  frame: { title: string; step: number; totalSteps: number; canGoBack: boolean },
  listen: (accept: (answer: R) => void, own: DisposableList) => void,
): Promise<R | typeof back> {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.totalSteps;
  input.ignoreFocusOut = true;
  if (frame.canGoBack) input.buttons = [vscode.QuickInputButtons.Back];
  const own = new DisposableList();
  own.add(input);
  return new Promise<R | typeof back>((resolve, reject) => {
    listen(resolve, own);
    own.add(input.onDidTriggerButton(() => resolve(back)));
    own.add(input.onDidHide(() => reject(new CancelledError())));
    input.show();
  }).finally(() => own.dispose());
}
