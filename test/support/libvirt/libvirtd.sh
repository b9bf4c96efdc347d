#!/bin/bash
# Runs a libvirtd of its own until stdin ends: libvirtd.sh FOLDER, as process 1 of a PID namespace, whose end is the
# end of all that runs in it. It has to be an ordinary user in there: then libvirtd serves qemu:///session and keeps to
# the folders named here, and the machine's own libvirt is neither read nor written.
set -eu
folder=$1
# Where the daemon is, also for who is not root.
PATH=$PATH:/usr/sbin:/sbin
export HOME="$folder" XDG_RUNTIME_DIR="$folder/run" XDG_CONFIG_HOME="$folder/config"
export XDG_CACHE_HOME="$folder/cache" XDG_DATA_HOME="$folder/data" XDG_STATE_HOME="$folder/state"

mkdir -p "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME/libvirt"
# Without this it would start a virtlogd.
echo 'stdio_handler = "file"' >"$XDG_CONFIG_HOME/libvirt/qemu.conf"

# Not exec: process 1 has to collect the QEMUs that libvirtd leaves to it.
libvirtd &
{ read -r _ || true; } <&0 &
wait -n
