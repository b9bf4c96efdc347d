// npm run screenshots [-- --out DIR]: takes every picture of the README anew, in the real workbench with real VMs.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { awaitPair } from './demo/awaitPair.ts';
import { LABELS } from './demo/labels.ts';
import { openStage, setUp } from './demo/stage.ts';
import { ROOT } from './paths.ts';
import { runMain } from './process/runMain.ts';
import { sayStep } from './say.ts';
import { Camera } from './screenshots/camera.ts';
import { picturesOfLanguage } from './screenshots/languagePictures.ts';
import {
  pictureOfDeclared,
  pictureOfDeclaring,
  pictureOfDialog,
  pictureOfOverview,
  pictureOfRuns,
} from './screenshots/migrationPictures.ts';
import type { Scene } from './screenshots/scene.ts';
import { picturesOfWatching } from './screenshots/watchPictures.ts';
import { pictureOfWelcome } from './screenshots/welcomePicture.ts';
import { launchBrowser } from './workbench/browser.ts';
import { Workbench } from './workbench/workbench.ts';

await runMain(async (context) => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const folder = path.resolve(values.out ?? path.join(ROOT, 'docs', 'images'));
  await setUp(true, context.cleanup);
  const otherMonitor = path.join(await context.cleanup.makeTemporaryDirectory('qmp-'), 'other.sock');
  const { pair, server } = await openStage(undefined, context, [
    ...['-chardev', `socket,id=other,path=${otherMonitor},server=on,wait=off`],
    ...['-mon', 'chardev=other,mode=control'],
  ]);
  const browser = await launchBrowser(context.cleanup);
  const workbench = await Workbench.open(browser, server, context.cleanup);
  await workbench.openViewContainer(LABELS.container);
  await awaitPair(workbench);
  await workbench.setTheme('Dark Modern');

  sayStep('Taking pictures');
  const camera = await Camera.over(workbench, folder);
  const scene: Scene = { pair, server, workbench, camera, otherMonitor, signal: context.signal };
  await pictureOfDialog(scene);
  await pictureOfOverview(scene);
  await pictureOfDeclaring(scene);
  await pictureOfDeclared(scene);
  await pictureOfRuns(scene);
  await picturesOfWatching(scene);
  await picturesOfLanguage(scene);
  await pictureOfWelcome(scene);
  return 0;
});
