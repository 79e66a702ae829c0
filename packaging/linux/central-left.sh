#!/bin/sh
# After removal. The data in /var/lib/otklik-central and the user who owns it stay.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
