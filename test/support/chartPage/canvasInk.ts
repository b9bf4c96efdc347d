import type { Page } from 'playwright-core';

/** Where pixels of one colour lie on a plot's canvas, in shares (0 to 1) of its width and height. */
export interface Ink {
  pixels: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Columns with such a pixel, by index of one of 100 equal slices of the width. */
  slices: number[];
}

const COLOR_TOLERANCE = 24;

/** Finds the pixels of about the colour of a theme variable on the canvas of a plot. */
export function inkOf(page: Page, plot: 'bandwidth' | 'remaining', variable: string): Promise<Ink> {
  return page.evaluate(
    ({ plot, variable, tolerance }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`.figure.${plot} canvas`);
      const context = canvas?.getContext('2d');
      if (!canvas || !context) throw new Error(`The plot ${plot} has no canvas.`);
      const swatch = document.createElement('canvas').getContext('2d');
      if (!swatch) throw new Error('no canvas');
      swatch.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${variable}`);
      swatch.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = swatch.getImageData(0, 0, 1, 1).data;
      const { width, height } = canvas;
      const { data } = context.getImageData(0, 0, width, height);
      const ink = { pixels: 0, left: 1, right: 0, top: 1, bottom: 0 };
      const slices = new Set<number>();
      for (let index = 0; index < data.length; index += 4) {
        const [r = 0, g = 0, b = 0, alpha = 0] = data.subarray(index, index + 4);
        const distance = Math.max(Math.abs(r - red), Math.abs(g - green), Math.abs(b - blue));
        if (alpha < 250 || distance > tolerance) continue;
        const x = ((index / 4) % width) / width;
        const y = Math.floor(index / 4 / width) / height;
        ink.pixels += 1;
        ink.left = Math.min(ink.left, x);
        ink.right = Math.max(ink.right, x);
        ink.top = Math.min(ink.top, y);
        ink.bottom = Math.max(ink.bottom, y);
        slices.add(Math.floor(x * 100));
      }
      return { ...ink, slices: [...slices].sort((a, b) => a - b) };
    },
    { plot, variable, tolerance: COLOR_TOLERANCE },
  );
}
