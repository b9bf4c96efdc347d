import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintAboutUri, runsCommand } from '../../../src/extension/migrate/migrationUri.ts';

test('accepts what QEMU accepts', () => {
  for (const uri of [
    'tcp:host:4444',
    'tcp:[::1]:4444',
    'unix:/tmp/m.sock',
    'rdma:h:1',
    'fd:mig',
    'file:/tmp/x',
    'exec:cat',
    'vsock:3:44',
  ]) {
    assert.equal(complaintAboutUri(uri), undefined, uri);
  }
});

test('says what is wrong with the rest', () => {
  const wrong: [string, RegExp][] = [
    ['', /Write a migration URI/],
    ['host:4444', /Write a migration URI/],
    ['http://host', /Write a migration URI/],
    ['tcp:', /must follow "tcp:"/],
    ['tcp:host', /not a host and a port/],
    ['tcp:host:0', /port from 1 to 65535/],
    ['tcp:host:65536', /port from 1 to 65535/],
    ['tcp:::1:4444', /not a host and a port/],
    ['unix:relative', /must be absolute/],
  ];
  for (const [uri, complaint] of wrong) assert.match(complaintAboutUri(uri) ?? '', complaint, uri);
});

test('knows the URIs that run a command', () => {
  assert.equal(runsCommand('exec:cat > /dev/null'), true);
  assert.equal(runsCommand('tcp:exec:1'), false);
});
