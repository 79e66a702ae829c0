#!/bin/sh
# After installing: the user, the data folder, the unit. The server is started by
# whoever has filled in /etc/otklik-central/central.env, not by the package.
set -e
systemd-sysusers otklik-central.conf
command -v systemd-tmpfiles >/dev/null && systemd-tmpfiles --create otklik-central.conf
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart otklik-central.service
fi
exit 0
