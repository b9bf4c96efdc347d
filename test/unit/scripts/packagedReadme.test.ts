import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagedReadme } from '../../../scripts/packagedReadme.ts';

const README = `# Title

![First](docs/images/first.png)

*Caption of the first,
on two lines.*

Text with [a file](media/a.json), [a section](#limits) and [a page](https://example.org/x).

![Second](docs/images/second.png)

*Caption of the second.*

More text.

![Third](docs/images/third.png)

The end.
`;

test('the packaged README carries its first picture, and points to nothing that is not in the package', async () => {
  const asked: string[] = [];
  const packaged = await packagedReadme(README, async (path) => {
    asked.push(path);
    return 'QUJD';
  });
  assert.deepEqual(asked, ['docs/images/first.png']);
  assert.equal(
    packaged,
    `# Title

![First](data:image/png;base64,QUJD)

*Caption of the first,
on two lines.*

Text with a file, [a section](#limits) and [a page](https://example.org/x).

More text.

The end.
`,
  );
});

test('a README without pictures stays as it is', async () => {
  const text = '# Title\n\nText.\n';
  assert.equal(await packagedReadme(text, async () => assert.fail('there is no picture')), text);
});
