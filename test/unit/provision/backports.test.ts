import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAptSources } from '../../../scripts/provision/aptSources.ts';
import { backportsEntry, hasBackports } from '../../../scripts/provision/backports.ts';

const VENDOR = parseAptSources('vendor.list', 'deb https://vendor.example/apt bookworm main\n');
const LIST = parseAptSources(
  'sources.list',
  'deb [signed-by=/k.gpg] http://mirror.example/debian/ bookworm main\ndeb http://mirror.example/sec bookworm-security main\n',
);
const SOURCES = parseAptSources(
  'debian.sources',
  'Types: deb\nURIs: http://proxy.example/d\nSuites: bookworm bookworm-updates\nComponents: main\nTrusted: yes\n',
);

describe('the backports entry', () => {
  it('uses the mirror of the release, and trusts it in the same way', () => {
    const entry = backportsEntry(LIST, 'bookworm') ?? '';
    const [parsed] = parseAptSources('new.sources', entry);
    assert.deepEqual(parsed?.uris, ['http://mirror.example/debian/']);
    assert.deepEqual(parsed?.suites, ['bookworm-backports']);
    assert.deepEqual(parsed?.components, ['main']);
    assert.deepEqual(Object.fromEntries(parsed?.options ?? []), { 'Signed-By': '/k.gpg' });
  });

  it('is found to be there once it is written', () => {
    const entry = backportsEntry(LIST, 'bookworm') ?? '';
    assert.equal(hasBackports(LIST, 'bookworm'), false);
    assert.equal(hasBackports([...LIST, ...parseAptSources('new.sources', entry)], 'bookworm'), true);
  });

  it('prefers the archive of Debian to a vendor who uses the same names', () => {
    assert.match(
      backportsEntry([...VENDOR, ...LIST], 'bookworm') ?? '',
      /^URIs: http:\/\/mirror\.example\/debian\/$/m,
    );
  });

  it('knows the archive by its updates where the mirror has another name', () => {
    const entry = backportsEntry([...VENDOR, ...SOURCES], 'bookworm') ?? '';
    assert.match(entry, /^URIs: http:\/\/proxy\.example\/d$/m);
    assert.match(entry, /^Trusted: yes$/m);
  });

  it('is not made up when there is no such mirror', () => {
    assert.equal(backportsEntry(LIST, 'trixie'), undefined);
  });
});
