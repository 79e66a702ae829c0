#!/bin/sh
# Before removal; an update (deb: "upgrade", rpm: 1) leaves the server running.
set -e
case "${1:-}" in
remove | 0)
	if [ -d /run/systemd/system ]; then
		systemctl disable --now otklik-central.service || true
	fi
	;;
esac
