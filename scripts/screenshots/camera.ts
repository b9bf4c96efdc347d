import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { say } from '../say.ts';
import type { Workbench } from '../workbench/workbench.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** So large a picture may be, in bytes: people wait for it when they open the README. */
const LARGEST_PICTURE = 150_000;
/** CSS pixels around an element that is shown with what surrounds it. */
const MARGIN = 16;

/** Takes pictures of a workbench into one folder. */
export class Camera {
  private readonly workbench: Workbench;
  private readonly folder: string;

  private constructor(workbench: Workbench, folder: string) {
    this.workbench = workbench;
    this.folder = folder;
  }

  /** Empties the folder of pictures first, so that none of an earlier time stays. */
  static async over(workbench: Workbench, folder: string): Promise<Camera> {
    await mkdir(folder, { recursive: true });
    const old = (await readdir(folder)).filter((name) => name.endsWith('.png'));
    await Promise.all(old.map((name) => rm(path.join(folder, name))));
    return new Camera(workbench, folder);
  }

  /** Makes the window so large, in CSS pixels. */
  async resize(size: Size): Promise<void> {
    await this.workbench.page.setViewportSize(size);
  }

  async window(name: string): Promise<void> {
    await this.keep(name, (file) => this.workbench.page.screenshot({ path: file }));
  }

  /** The upper left corner of the window. */
  async corner(name: string, { width, height }: Size): Promise<void> {
    const clip = { x: 0, y: 0, width, height };
    await this.keep(name, (file) => this.workbench.page.screenshot({ path: file, clip }));
  }

  async element(name: string, element: Locator): Promise<void> {
    await this.keep(name, (file) => element.screenshot({ path: file }));
  }

  /** The smallest part of the window that shows all of the elements, with a margin. */
  async around(name: string, ...elements: Locator[]): Promise<void> {
    const boxes = await Promise.all(elements.map((element) => element.boundingBox()));
    const known = boxes.filter((box) => box !== null);
    const size = this.workbench.page.viewportSize();
    if (known.length === 0 || !size) throw new Error(`${name}: there is nothing to be seen.`);
    const left = Math.max(0, Math.min(...known.map(({ x }) => x)) - MARGIN);
    const top = Math.max(0, Math.min(...known.map(({ y }) => y)) - MARGIN);
    const right = Math.min(size.width, Math.max(...known.map(({ x, width }) => x + width)) + MARGIN);
    const bottom = Math.min(size.height, Math.max(...known.map(({ y, height }) => y + height)) + MARGIN);
    const clip = { x: left, y: top, width: right - left, height: bottom - top };
    await this.keep(name, (file) => this.workbench.page.screenshot({ path: file, clip }));
  }

  private async keep(name: string, take: (file: string) => Promise<unknown>): Promise<void> {
    const file = path.join(this.folder, `${name}.png`);
    await take(file);
    const { size } = await stat(file);
    say(`${file}: ${(size / 1000).toFixed(0)} kB`);
    if (size > LARGEST_PICTURE) {
      throw new Error(`${file} has ${size} bytes, and at most ${LARGEST_PICTURE} are wanted: show less.`);
    }
  }
}
