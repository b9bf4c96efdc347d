import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAptSources } from '../../../scripts/provision/aptSources.ts';

describe('reading .sources files', () => {
  it('takes every paragraph, with comments and folded fields', () => {
    const sources = parseAptSources(
      'debian.sources',
      [
        '# the archive',
        'Types: deb deb-src',
        'URIs: http://mirror.example/debian',
        '# in between',
        'Suites: bookworm bookworm-updates',
        'Components: main contrib',
        'Signed-By:',
        ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
        ' .',
        ' abc',
        '',
        'types: deb',
        'uris: http://mirror.example/security',
        'suites: bookworm-security',
        'components: main',
        'signed-by: /usr/share/keyrings/archive.gpg',
        '',
      ].join('\n'),
    );
    assert.equal(sources.length, 2);
    assert.deepEqual(sources[0]?.types, ['deb', 'deb-src']);
    assert.deepEqual(sources[0]?.suites, ['bookworm', 'bookworm-updates']);
    assert.deepEqual(sources[0]?.components, ['main', 'contrib']);
    assert.match(sources[0]?.options.get('Signed-By') ?? '', /BEGIN PGP[\s\S]*\n \.\n abc$/);
    assert.deepEqual(sources[1]?.uris, ['http://mirror.example/security']);
    assert.equal(sources[1]?.options.get('signed-by'), '/usr/share/keyrings/archive.gpg');
  });

  it('leaves out what is switched off', () => {
    const text = 'Enabled: no\nTypes: deb\nURIs: http://mirror.example\nSuites: bookworm\nComponents: main\n';
    assert.deepEqual(parseAptSources('x.sources', text), []);
  });
});

describe('reading .list files', () => {
  it('takes options, several components and comments', () => {
    const [source, ...others] = parseAptSources(
      'sources.list',
      [
        '# deb http://off.example bookworm main',
        'deb [arch=amd64,arm64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # why',
        'deb cdrom-without-suite',
        '',
      ].join('\n'),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(source?.types, ['deb']);
    assert.deepEqual(source?.uris, ['http://mirror.example/debian']);
    assert.deepEqual(source?.suites, ['bookworm']);
    assert.deepEqual(source?.components, ['main', 'contrib']);
    assert.deepEqual(Object.fromEntries(source?.options ?? []), {
      Architectures: 'amd64 arm64',
      'Signed-By': '/k.gpg',
    });
  });
});
