import type { Theme } from './theme.ts';

/** A plot as it goes into the picture. */
export interface CapturedPlot {
  title: string;
  /** One line per visible line: label and value. */
  legend: { text: string; color: string; dash: number[]; width: number }[];
  canvas: HTMLCanvasElement;
}

export interface CaptureContent {
  title: string;
  status: string;
  verdict: string;
  plots: CapturedPlot[];
}

const MARGIN = 16;
const LINE = 18;
const SWATCH = 28;
const NARROWEST = 480;

/**
 * Paints title, verdict, legends and plots one under the other on the editor's background.
 * @returns a PNG as a data URL
 * @throws Error when the browser gives no canvas
 */
export function capturePicture(content: CaptureContent, theme: Theme, ratio: number): string {
  const width = Math.max(NARROWEST, ...content.plots.map(({ canvas }) => canvas.width / ratio)) + 2 * MARGIN;
  const canvas = document.createElement('canvas');
  // Painted twice: the first time only to find the height.
  const height = paint(canvas, content, theme, width, 1, 1);
  return paintPicture(canvas, content, theme, width, height, ratio);
}

function paintPicture(
  canvas: HTMLCanvasElement,
  content: CaptureContent,
  theme: Theme,
  width: number,
  height: number,
  ratio: number,
): string {
  paint(canvas, content, theme, width, height, ratio);
  return canvas.toDataURL('image/png');
}

/** Returns the height that was needed, in CSS pixels. */
function paint(
  canvas: HTMLCanvasElement,
  content: CaptureContent,
  theme: Theme,
  width: number,
  height: number,
  ratio: number,
): number {
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to paint the picture on.');
  context.scale(ratio, ratio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'top';
  const inner = width - 2 * MARGIN;
  let y = MARGIN;
  const write = (text: string, size: number, weight: string, color: string): void => {
    context.font = `${weight} ${size}px ${theme.font}`;
    context.fillStyle = color;
    for (const line of wrap(text, inner, (part) => context.measureText(part).width)) {
      context.fillText(line, MARGIN, y);
      y += size * 1.4;
    }
  };
  write(`${content.title} (${content.status})`, 16, '600', theme.foreground);
  y += 4;
  write(content.verdict, 13, '400', theme.foreground);
  for (const plot of content.plots) {
    y += 12;
    write(plot.title, 13, '600', theme.foreground);
    y = paintLegend(context, plot, theme, inner, y + 2);
    context.drawImage(plot.canvas, MARGIN, y, plot.canvas.width / ratio, plot.canvas.height / ratio);
    y += plot.canvas.height / ratio;
  }
  return y + MARGIN;
}

function paintLegend(
  context: CanvasRenderingContext2D,
  { legend }: CapturedPlot,
  theme: Theme,
  inner: number,
  from: number,
): number {
  context.font = `400 11px ${theme.font}`;
  let x = MARGIN;
  let y = from;
  for (const entry of legend) {
    const width = SWATCH + 6 + context.measureText(entry.text).width + 16;
    if (x > MARGIN && x + width > MARGIN + inner) {
      x = MARGIN;
      y += LINE;
    }
    context.save();
    context.strokeStyle = entry.color;
    context.lineWidth = entry.width;
    context.setLineDash(entry.dash);
    context.beginPath();
    context.moveTo(x, y + 6);
    context.lineTo(x + SWATCH, y + 6);
    context.stroke();
    context.restore();
    context.fillStyle = theme.foreground;
    context.fillText(entry.text, x + SWATCH + 6, y);
    x += width;
  }
  return y + LINE;
}

/** Breaks a text into lines no wider than `room`; a single longer word keeps a line of its own. */
export function wrap(text: string, room: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
