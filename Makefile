# twitch-ingest: the whole build. `make help` lists the targets.

# The programs. A folder is a program or a few; FOLDER/PROGRAM.c has main(),
# the other files there and one below are archived and link into who uses them.
collector	= ws-reader
classifier	= irc-classify
publisher	= kafka-publish kafka-tail amqp-publish sqlite-publish \
		  postgres-publish clickhouse-publish file-publish
oauth		= twitch-oauth
ctl		= twitch-ctl twitch-ingest twitch-top twitch-httpd
tests/sim	= twitch-sim kafka-sim chat-show chat-account

FOLDERS		= collector classifier publisher oauth ctl
PROGRAMS	= $(foreach f,$(FOLDERS),$($f))
SIMS		= $(tests/sim)

# What links into each beside its folder and lib/.
libs_ws-reader		= libcurl libwslay libssl libcrypto libcjson
libs_kafka-publish	= rdkafka
libs_kafka-tail		= rdkafka
libs_sqlite-publish	= sqlite3 libcrypto
libs_postgres-publish	= libpq libcrypto
libs_amqp-publish	= librabbitmq
libs_clickhouse-publish	= libcurl libcrypto
libs_file-publish	= libzstd
libs_twitch-oauth	= libcurl libcrypto libcjson libmicrohttpd
libs_twitch-ctl		= libcjson
libs_twitch-top		= libcurl libcjson
libs_twitch-httpd	= libmicrohttpd libcjson libcrypto
libs_twitch-sim		= libwslay libssl libcrypto libmicrohttpd libcjson
libs_kafka-sim		= rdkafka

# Debian's names of what is needed: to build and run the demo; and besides,
# to run every test.
DEPS		= gcc libc6-dev pkg-config libcurl4-openssl-dev libwslay-dev \
		  libssl-dev librdkafka-dev libcjson-dev libmicrohttpd-dev \
		  libzstd-dev libsqlite3-dev libpq-dev librabbitmq-dev
DEPS_CHECK	= check clang-19 clang-format-19 libclang-rt-19-dev mandoc \
		  libjansson-dev perl jq curl kcat openssl sqlite3 postgresql \
		  python3 python3-jsonschema python3-yaml \
		  rabbitmq-server python3-pika clickhouse-server zstd \
		  procps maven default-jre-headless systemd chromium inspircd \
		  gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
DEPS_BENCH	= valgrind postgresql kcat jq python3 perl maven default-jre-headless \
		  rabbitmq-server python3-pika clickhouse-server
DEPS_EDIT	= bear

# Everything made goes below B, so that variants never mix.
B		= build
PREFIX		= /usr/local
BINDIR		= $(PREFIX)/bin
MANDIR		= $(PREFIX)/share/man

Q		= $(if $(V),,@)	# V=1 shows the commands
CC		= gcc
OPTIMIZE	= -O2		# comes before CFLAGS, so that theirs wins
CFLAGS		= -g
WARN		= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
		  -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
CPPFLAGS_ALL	= -D_GNU_SOURCE -Ilib -Ipublisher $(CPPFLAGS)
CFLAGS_ALL	= -std=c11 $(WARN) $(OPTIMIZE) $(CFLAGS)

.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all help deps deps-check deps-bench deps-edit quick check servers \
	soak asan fuzz lint bench demo install uninstall clean unit test-units sims \
	programs simulators units

# What must be installed comes first; then as many compilers as there are cores.
parallel	= +@$(MAKE) --no-print-directory \
		  $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

all: deps	## build the programs (the default)
	$(parallel) programs
sims: all
	$(parallel) simulators
unit: deps-check sims
	$(parallel) units

programs: $(PROGRAMS:%=$(B)/bin/%)
	@:
simulators: $(SIMS:%=$(B)/sim/%)
	@:

help:		## print this
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  make %-24s %s\n", $$1, $$2 }' Makefile

# --- objects, archives, programs

objects		= $(patsubst %.c,$(B)/%.o,$(filter-out $(addprefix $1/,$(addsuffix .c,$($1))),$(wildcard $1/*.c $1/*/*.c)))
pkg		= $(if $1,$(shell pkg-config $2 $(filter-out libwslay,$1)) $(if $(filter libwslay,$1),-lwslay))
ARCHIVES	= $(FOLDERS:%=$(B)/%.a) $(B)/tests/sim.a $(B)/lib.a

# Worth a tenth of the time of irc-classify, and a third with SSE2 or NEON,
# whose blocks are loops to unroll. Its small functions are in many files: gcc
# puts them where they are called when it links (clang would need a linker of
# its own for that).
$(B)/classifier/%.o $(B)/lib/simd_%.o: OPTIMIZE = -O3
ifeq ($(shell $(CC) --version | grep -c clang),0)
$(B)/classifier/%.o: OPTIMIZE = -O3 -flto=auto -ffat-lto-objects
endif

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc   $<"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Its header is where a compiler does not look.
$(B)/publisher/sql/postgres.o: CPPFLAGS_ALL += $(shell pkg-config --cflags libpq)

# It holds the files of the status page.
$(B)/ctl/page.o: $(wildcard ctl/page/*)

define archive
$(B)/$1.a: $(call objects,$1)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
endef
$(foreach f,$(FOLDERS) lib tests/sim,$(eval $(call archive,$f)))

# $1 program, $2 its folder, $3 where it goes
define program
$(B)/$3/$1: $(B)/$2/$1.o $(B)/$2.a $(B)/lib.a
	@mkdir -p $$(@D)
	@echo "  link $$@"
	$(Q)$$(CC) $$(CFLAGS_ALL) $$(LDFLAGS) -o $$@ $$^ $$(call pkg,$$(libs_$1),--libs)
endef
$(foreach f,$(FOLDERS),$(foreach p,$($f),$(eval $(call program,$p,$f,bin))))
$(foreach p,$(SIMS),$(eval $(call program,$p,tests/sim,sim)))

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- what must be installed

deps:		## install what building needs (silent when nothing is missing)
	@contrib/deps $(DEPS)
deps-check: deps
	@contrib/deps $(DEPS) $(DEPS_CHECK)
deps-bench: deps
	@contrib/deps $(DEPS) $(DEPS_BENCH)
deps-edit: deps
	@contrib/deps $(DEPS) $(DEPS_EDIT)

# --- tests

UNITS		= $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/check_*.c))
UNIT_LIBS	= $(call pkg,check $(sort $(foreach p,$(PROGRAMS),$(libs_$p))),--libs)
TAP		= $(wildcard tests/*.t)
SERVERS		= $(wildcard tests/servers/*.t)
# They wait more than they work: several at once.
PROVE		= B=$(B) MAKE="$(MAKE)" CK_DEFAULT_TIMEOUT=60 prove --timer --failures --comments -j4

$(B)/unit/%: $(B)/tests/unit/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ARCHIVES) $(ARCHIVES) $(UNIT_LIBS)

units: $(UNITS) $(B)/fail_io.so
	@:
$(B)/fail_io.so: tests/fail_io.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=c11 $(WARN) -O2 -shared -fPIC -o $@ $<

quick: unit	## the tests that need no real server, in some minutes
	@$(PROVE) $(TAP) $(UNITS)
test-units: unit
	@$(PROVE) $(UNITS)

servers: deps-check sims $(B)/kafka/lib	## the tests against real servers
	@$(PROVE) -j2 $(SERVERS)

# Those that have a long form take it when SOAK is set.
soak: unit $(B)/kafka/lib	## the long forms of the fault tests, an hour or so
	@SOAK=1 CHECK_SECONDS=1200 $(PROVE) -j1 \
	    $(shell grep -l '{SOAK' $(TAP) $(SERVERS))

$(B)/kafka/lib: tests/kafka/pom.xml
	@rm -rf $@ $@.new && mkdir -p $(@D)
	@echo "  mvn  $@"
	$(Q)mvn -B -f $< dependency:copy-dependencies -DoutputDirectory=$(abspath $@.new) \
	    >$(@D)/mvn.log 2>&1 || { cat $(@D)/mvn.log; exit 1; }
	@touch $@.new && mv $@.new $@

check: deps-check	## every test: lint, quick, real servers, sanitizers, fuzzing
	@for part in lint quick servers asan fuzz; do \
		$(MAKE) --no-print-directory $$part || exit 1; \
	done

# --- sanitizers and fuzzing, each in a build folder of its own

SANITIZE	= -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
		  -fno-omit-frame-pointer -Werror

asan: deps-check	## the quick tests under ASan and UBSan; gcc's: units
	@$(MAKE) --no-print-directory B=$(B)/asan-gcc CC=gcc CFLAGS="$(SANITIZE)" test-units
	@$(MAKE) --no-print-directory B=$(B)/asan-clang CC=clang-19 CFLAGS="$(SANITIZE)" quick

FUZZ_SECONDS	= 20
FUZZERS		= $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: deps-check	## fuzz each parser for FUZZ_SECONDS
	$(parallel) B=$(B)/fuzz CC=clang-19 \
	    CFLAGS="-O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" \
	    $(FUZZERS:%=$(B)/fuzz/%)
	@for f in $(FUZZERS); do tests/fuzz/run $(B)/fuzz/$$f $(FUZZ_SECONDS) || exit 1; done

$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/judge.o $(ARCHIVES)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(ARCHIVES) $(ARCHIVES) $(call pkg,jansson,--libs)

# --- style

lint: deps-check	## manuals, formatting, warnings, lengths
	@tests/lint

compile_commands.json: deps-edit	## for editors and clang-tidy
	rm -rf $(B)/bear
	bear -- $(MAKE) B=$(B)/bear unit

# --- figures, demonstration

bench: deps-bench sims $(B)/kafka/lib	## the figures of README, measured here
	@B=$(B) tests/bench/run

SECONDS		= 20
demo: sims	## the whole pipeline on simulators (LIVE=1 CHANNELS="…": real Twitch)
	@B=$(B) SECONDS=$(SECONDS) LIVE="$(LIVE)" CHANNELS="$(CHANNELS)" tests/demo

# --- installation

MAN1		= $(wildcard man/*.1)
MAN5		= $(wildcard man/*.5)
MAN7		= $(wildcard man/*.7)

install: all	## into DESTDIR and PREFIX
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 \
	    $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man7
	install -m 755 $(PROGRAMS:%=$(B)/bin/%) $(DESTDIR)$(BINDIR)
	install -m 644 $(MAN1) $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5
	install -m 644 $(MAN7) $(DESTDIR)$(MANDIR)/man7

uninstall:	## what install put there
	rm -f $(PROGRAMS:%=$(DESTDIR)$(BINDIR)/%) \
	    $(MAN1:man/%=$(DESTDIR)$(MANDIR)/man1/%) \
	    $(MAN5:man/%=$(DESTDIR)$(MANDIR)/man5/%) \
	    $(MAN7:man/%=$(DESTDIR)$(MANDIR)/man7/%)

clean:		## remove everything made
	rm -rf $(B) compile_commands.json
