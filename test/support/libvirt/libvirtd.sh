#!/bin/bash
# Runs a libvirtd of its own until stdin ends: libvirtd.sh FOLDER, as process 1 of new mount, UTS and PID namespaces.
# Its end is the end of all that runs in them.
# Nothing of the machine's own libvirt is read or written; its socket and log lie in FOLDER.
set -eu
folder=$1

mount --make-rprivate /
# Folders of libvirt that are written to; the rest of these is not needed here.
for path in /run /var/lib /var/cache /var/log /etc/libvirt; do
  mount -t tmpfs tmpfs "$path"
done
mkdir "$folder/sockets"

# libvirtd wants this user to exist, even though it runs QEMU as root here.
if ! getent passwd libvirt-qemu >/dev/null; then
  { cat /etc/passwd; echo 'libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin'; } >"$folder/passwd"
  { cat /etc/group; echo 'libvirt-qemu:x:64055:'; } >"$folder/group"
  mount --bind "$folder/passwd" /etc/passwd
  mount --bind "$folder/group" /etc/group
fi
hostname libvirt-under-test

cat >/etc/libvirt/qemu.conf <<END
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = [ ]
namespaces = [ ]
remember_owner = 0
stdio_handler = "file"
END
cat >/etc/libvirt/libvirtd.conf <<END
unix_sock_dir = "$folder/sockets"
auth_unix_ro = "none"
auth_unix_rw = "none"
host_uuid = "$(cat /proc/sys/kernel/random/uuid)"
END

# Not exec: process 1 has to collect the QEMUs that libvirtd leaves to it.
libvirtd &
{ read -r _ || true; } <&0 &
wait -n
