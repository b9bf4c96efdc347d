import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestBefore, newestVersion } from '../../../scripts/provision/aptVersions.ts';

const LISTING = `
qemu-system-x86 | 1:10.0.2+ds-2~bpo12+1 | http://mirror.test/debian bookworm-backports/main amd64 Packages
qemu-system-x86 | 1:7.2+dfsg-7+deb12u18+b3 | http://mirror.test/debian bookworm/main amd64 Packages
qemu-system-x86 | 1:7.2+dfsg-7+deb12u15 | http://mirror.test/debian-security bookworm-security/main amd64 Packages
      qemu | 1:7.2+dfsg-7+deb12u18 | http://mirror.test/debian bookworm/main Sources
   seabios |   1.16.2-1 | http://mirror.test/debian bookworm/main amd64 Packages
`;
const LIMIT = { major: 8, minor: 2, micro: 0 };

test('the newest version below the limit is taken, whatever is newer', () => {
  assert.equal(newestBefore(LISTING, 'qemu-system-x86', LIMIT), '1:7.2+dfsg-7+deb12u18+b3');
});

test('no version is taken when all are at the limit or above it', () => {
  const listing = LISTING.replaceAll('1:7.2+dfsg', '1:8.2+ds');
  assert.equal(newestBefore(listing, 'qemu-system-x86', LIMIT), undefined);
});

test('the newest version of a package is the first that is listed', () => {
  assert.equal(newestVersion(LISTING, 'seabios'), '1.16.2-1');
});

test('a package that is not listed, or only as source, has no version', () => {
  assert.equal(newestVersion(LISTING, 'ipxe-qemu'), undefined);
  assert.equal(newestVersion(LISTING, 'qemu'), undefined);
});
