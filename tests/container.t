#!/bin/sh
# contrib/container, as far as it can be looked at without an engine
. "$(dirname "$0")/lib.sh"
C=$TOP/contrib/container
export C

cat >"$T/.functions" <<'END'
# Each instruction of the Containerfile on a line, in two stages.
instructions() { sed -e '/^#/d' -e ':more' -e '/\\$/ { N; s/\\\n[\t ]*//; b more }' "$C/Containerfile"; }
build() { instructions | sed '/^FROM debian:12-slim$/,$d'; }
image() { instructions | sed -n '/^FROM debian:12-slim$/,$p'; }
packages() { "$1" | sed -n 's/.*apt-get install -y --no-install-recommends \([^&]*\).*/\1/p' | tr ' ' '\n' | grep . | sort; }
# The packages of the libraries that our programs are linked with.
needed() {
	for program in "$B"/bin/*; do
		readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
	done | grep -v -e '^libasan' -e '^libubsan' -e '^libm\.' -e '^libgcc_s' | sort -u |
	    xargs -I '{}' sh -c 'dpkg -S "*/{}" | sed -n "1s/:.*//p"' | sort -u
}
mkdir -p tree
END

check 'there are two stages, of Debian 12' \
    '[ "$(instructions | grep "^FROM" | uniq)" = "FROM debian:12-slim AS build
FROM debian:12-slim" ]'
if [ "$(sed 's/\..*//' /etc/debian_version)" = 12 ]; then
	check 'their packages are there' \
	    'packages build && for p in $(packages build; packages image); do
		apt-cache show "$p" >/dev/null || exit
	done'
else
	skip 'their packages are there' 'this is not Debian 12'
fi
check 'the image has every library that a program is linked with' \
    '[ $(needed | wc -l) -ge 8 ] &&
	comm -23 <(needed | grep -vx libc6) <(packages image) | tee lacks &&
	[ ! -s lacks ]'
check 'and no other' \
    'comm -13 <(needed) <(packages image | grep -vx ca-certificates) |
	tee more && [ ! -s more ]'
check 'what is copied can say what it needs' '
	build | sed -n "/^RUN make deps/q; s/^COPY //p" | while read -r from to; do
		install -D "$TOP/$from" tree/$to || exit
	done &&
	sed -i "2a echo \"\$@\"; exit" tree/contrib/deps &&
	MAKEFLAGS= make -s -C tree deps | grep librdkafka-dev'
check 'and is all that the programs and manuals are made from' '
	build | sed -n "s/^COPY //p" | while read -r from to; do
		mkdir -p "$(dirname tree/$to)" && cp -rT "$TOP/$from" tree/$to || exit
	done &&
	install_of() { MAKEFLAGS= make -s -C "$1" B=nowhere -n install 2>&1 | grep -E "^ *(gcc|ar|install)" | sort; }
	install_of tree >its && install_of "$TOP" >ours && [ -s its ] && cmp its ours'
check 'nobody is root in it' 'image | sed -n "/^USER twitch-ingest/,\$p" | grep "^ENTRYPOINT"'

cat >"$T/compose.py" <<'END'
import os
import sys

import yaml

top = sys.argv[1]
compose = yaml.safe_load(open(top + "/contrib/container/compose.yaml"))
services = compose["services"]
assert set(services) == {"kafka", "topic", "ingest", "status"}
for name, service in services.items():
    for other, wants in (service["depends_on"].items()
                         if isinstance(service.get("depends_on"), dict) else ()):
        assert other in services
        assert "healthcheck" in services[other] or \
            wants["condition"] != "service_healthy"
    for volume in service.get("volumes", ()):
        assert volume.split(":")[0] in compose["volumes"], volume
build = services["ingest"]["build"]
where = os.path.join(top, "contrib/container", build["context"])
assert os.path.samefile(where, top)
assert os.path.exists(os.path.join(where, build["dockerfile"]))
brokers = services["ingest"]["environment"]["KAFKA_BROKERS"]
assert "PLAINTEXT://" + brokers in \
    services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
topic = services["ingest"]["environment"]["KAFKA_TOPIC"]
assert "--topic " + topic + " " in services["topic"]["command"]
END
check 'compose.yaml is YAML in which all names lead somewhere' \
    'python3 compose.py "$TOP"'
finish
