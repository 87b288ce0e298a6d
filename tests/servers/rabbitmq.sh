# RabbitMQ for tests and benches: one node on loopback ports of its own. Source
# it with $TOP set.
#
#	rabbitmq_new DIR	a node in DIR; $rabbitmq_port is where it will listen
#	rabbitmq_tls DIR	speak TLS too, at $rabbitmq_tls_port, with the
#				certificates in DIR; before rabbitmq_up
#	rabbitmq_up		start it and wait until it answers; $rabbitmq_pid
#	rabbitmq_down [SIGNAL]	end it and wait until it is gone
#	rabbitmq_end		end all of it: at the end of a test
#	rabbitmq COMMAND...	rabbitmqctl
#
# Each returns 1, the reason on standard error, when it fails.

. "$TOP/tests/servers/ports.sh"

rabbitmq_pid='' epmd_pid=''

# Become a command of this node's: whatever it reads or writes is in DIR, and
# whatever it listens on is ours.
rabbitmq_exec() {
	exec env HOME="$rabbitmq_dir" ERL_EPMD_PORT="$epmd_port" \
	    ERL_EPMD_ADDRESS=127.0.0.1 \
	    RABBITMQ_NODENAME=test@localhost \
	    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
	    RABBITMQ_NODE_PORT="$rabbitmq_port" \
	    RABBITMQ_DIST_PORT="$rabbitmq_dist_port" \
	    RABBITMQ_CONF_ENV_FILE=/dev/null \
	    RABBITMQ_CONFIG_FILE="$rabbitmq_dir/rabbitmq.conf" \
	    RABBITMQ_ENABLED_PLUGINS_FILE="$rabbitmq_dir/plugins" \
	    RABBITMQ_GENERATED_CONFIG_DIR="$rabbitmq_dir/generated" \
	    RABBITMQ_MNESIA_BASE="$rabbitmq_dir/mnesia" \
	    RABBITMQ_LOG_BASE="$rabbitmq_dir/log" \
	    RABBITMQ_PID_FILE="$rabbitmq_dir/pid" \
	    "$@"
}

rabbitmq() (
	rabbitmq_exec /usr/lib/rabbitmq/bin/rabbitmqctl -q "$@"
)

rabbitmq_new() {
	rabbitmq_dir=$1
	mkdir -p "$rabbitmq_dir" || return 1
	rabbitmq_port=$(free_ports)
	rabbitmq_dist_port=$(free_ports)
	epmd_port=$(free_ports)
	export rabbitmq_dir rabbitmq_port rabbitmq_dist_port epmd_port
	echo '[].' >"$rabbitmq_dir/plugins"
	cat >"$rabbitmq_dir/rabbitmq.conf" <<-EOF
		listeners.tcp.1 = 127.0.0.1:$rabbitmq_port
		log.console = false
	EOF
	# Otherwise the first node would start one that outlives it.
	epmd -port "$epmd_port" -address 127.0.0.1 >"$rabbitmq_dir/epmd.log" 2>&1 &
	epmd_pid=$!
}

rabbitmq_tls() {
	rabbitmq_tls_port=$(free_ports)
	export rabbitmq_tls_port
	cat >>"$rabbitmq_dir/rabbitmq.conf" <<-EOF
		listeners.ssl.1 = 127.0.0.1:$rabbitmq_tls_port
		ssl_options.cacertfile = $1/ca.pem
		ssl_options.certfile = $1/server.pem
		ssl_options.keyfile = $1/server.key
	EOF
}

rabbitmq_up() {
	# So told, the script becomes the node, and the signals are the node's.
	rabbitmq_exec RABBITMQ_ALLOW_INPUT=1 \
	    /usr/lib/rabbitmq/bin/rabbitmq-server -noinput \
	    >>"$rabbitmq_dir/node.log" 2>&1 &
	rabbitmq_pid=$!
	rabbitmq_tries=600
	until perl -MIO::Socket::INET -e '
		$s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or exit 1;
		print $s "AMQP\0\0\x09\x01"; read $s, $b, 1 or exit 1' \
	    "$rabbitmq_port"; do
		rabbitmq_tries=$((rabbitmq_tries - 1))
		if [ $rabbitmq_tries = 0 ] || ! kill -0 $rabbitmq_pid 2>/dev/null; then
			cat "$rabbitmq_dir/node.log" >&2
			return 1
		fi
		sleep 0.1
	done
}

rabbitmq_down() {
	kill "-${1:-TERM}" $rabbitmq_pid
	wait $rabbitmq_pid 2>/dev/null || :
	rabbitmq_pid=
}

rabbitmq_end() {
	[ -z "$rabbitmq_pid" ] || rabbitmq_down KILL
	[ -n "$epmd_pid" ] || return 0
	kill $epmd_pid
	wait $epmd_pid 2>/dev/null || :
	epmd_pid=
}
