# Apache Kafka for tests and benches: nodes that are broker and controller, on
# loopback ports of their own. Source it with $B and $TOP set and $B/kafka/lib
# made.
#
#	kafka_new DIR [NODES]	a cluster in DIR, of one node or so many, whose
#				topics then have as many replicas; $brokers is
#				where it will listen
#	kafka_tls DIR		clients may also come to localhost, to
#				$kafka_tls_port, over TLS with the certificates
#				in DIR and the password of user ingest, secret,
#				who may do what kafka_acl does not deny; for
#				one node, before kafka_up
#	kafka_up [NODE]		start it, or one of its nodes (1, 2, ...), and
#				wait until it answers and nothing lags behind
#	kafka_down [SIGNAL [NODE]]	end what runs of it, or one node, and
#				wait until it is gone
#	kafka_topic NAME PARTITIONS [PROPERTY=VALUE]
#	kafka_scram USER PASSWORD	of SCRAM-SHA-512
#	kafka_acl OPTION...	of kafka-acls.sh
#	kafka CLASS ARG...	any of Kafka's own tools
#
# Each returns 1, the reason on standard error, when it fails.

. "$TOP/tests/servers/ports.sh"

CLASSPATH="$TOP/tests/kafka:$B/kafka/lib/*"
export CLASSPATH
kafka_dir= kafka_nodes=

# Where node $1 listens as broker, and as controller.
kafka_broker() {
	echo "127.0.0.1:$((kafka_port + 2 * $1 - 2))"
}
kafka_controller() {
	echo "127.0.0.1:$((kafka_port + 2 * $1 - 1))"
}

kafka() {
	java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"
}

# One that has nothing to say unless it fails.
kafka_quietly() {
	kafka "$@" >"$kafka_dir/tool.log" 2>&1 ||
	    { cat "$kafka_dir/tool.log" >&2 && return 1; }
}

# The settings of node $1: a majority of $2 nodes must have what is published.
kafka_settings() {
	kafka_majority=$(($2 / 2 + 1))
	cat <<-EOF
		process.roles=broker,controller
		node.id=$1
		listeners=PLAINTEXT://$(kafka_broker $1),CONTROLLER://$(kafka_controller $1)
		controller.listener.names=CONTROLLER
		controller.quorum.voters=$kafka_voters
		log.dirs=$kafka_dir/$1/log
		# Whoever publishes an archive means to keep it.
		log.retention.ms=-1
		auto.create.topics.enable=false
		default.replication.factor=$2
		min.insync.replicas=$kafka_majority
		offsets.topic.replication.factor=$2
		offsets.topic.num.partitions=1
		transaction.state.log.replication.factor=$2
		transaction.state.log.min.isr=$kafka_majority
		transaction.state.log.num.partitions=1
		transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
		group.initial.rebalance.delay.ms=0
		# How long a killed broker's successor waits for it to be dead.
		broker.session.timeout.ms=3000
		broker.heartbeat.interval.ms=500
	EOF
}

kafka_new() {
	kafka_dir=$1
	kafka_nodes=$(seq "${2:-1}")
	kafka_heap=$([ "${2:-1}" = 1 ] && echo 512m || echo 256m)
	kafka_port=$(free_ports $((2 * ${2:-1})))
	brokers= kafka_voters=
	for kafka_node in $kafka_nodes; do
		brokers=$brokers${brokers:+,}$(kafka_broker $kafka_node)
		kafka_voters=$kafka_voters${kafka_voters:+,}
		kafka_voters=$kafka_voters$kafka_node@$(kafka_controller $kafka_node)
	done
	export brokers
	for kafka_node in $kafka_nodes; do
		mkdir -p "$kafka_dir/$kafka_node/tmp" &&
		    kafka_settings $kafka_node "${2:-1}" \
			>"$kafka_dir/$kafka_node/properties" &&
		    kafka_quietly kafka.tools.StorageTool format \
			-t twitch-ingest -c "$kafka_dir/$kafka_node/properties" ||
		    return 1
	done
}

kafka_tls() {
	kafka_tls_port=$(free_ports)
	export kafka_tls_port
	cat "$1/server.key" "$1/server.pem" >"$1/both.pem" &&
	    sed -i "s|^listeners=.*|&,TLS://127.0.0.1:$kafka_tls_port|" \
		"$kafka_dir/1/properties" || return 1
	kafka_module=org.apache.kafka.common.security.plain.PlainLoginModule
	cat >>"$kafka_dir/1/properties" <<-EOF
		advertised.listeners=PLAINTEXT://$brokers,TLS://localhost:$kafka_tls_port
		listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SASL_SSL
		inter.broker.listener.name=PLAINTEXT
		sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
		listener.name.tls.plain.sasl.jaas.config=$kafka_module required user_ingest="secret";
		listener.name.tls.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
		authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
		super.users=User:ANONYMOUS
		allow.everyone.if.no.acl.found=true
		ssl.keystore.type=PEM
		ssl.keystore.location=$1/both.pem
	EOF
}

# All nodes that node $1 knows answer for partitions without one that lags.
kafka_whole() {
	kcat -L -m 1 -b "$(kafka_broker $1)" 2>"$kafka_dir/$1/kcat.log" |
	    awk -v nodes="$kafka_nodes" '
		/^ [0-9]+ brokers/ { whole = $1 == split(nodes, list) }
		/ replicas: / { gsub(",", ""); if (length($6) != length($8)) lags = 1 }
		END { exit !whole || lags }'
}

kafka_up() {
	for kafka_node in ${1:-$kafka_nodes}; do
		java -Xmx$kafka_heap -Djava.io.tmpdir="$kafka_dir/$kafka_node/tmp" \
		    kafka.Kafka "$kafka_dir/$kafka_node/properties" \
		    >>"$kafka_dir/$kafka_node/log.txt" 2>&1 &
		echo $! >"$kafka_dir/$kafka_node/pid"
	done
	kafka_tries=1200
	for kafka_node in ${1:-$kafka_nodes}; do
		until kafka_whole $kafka_node; do
			kafka_tries=$((kafka_tries - 1))
			if [ $kafka_tries -le 0 ] ||
			    ! kill -0 "$(cat "$kafka_dir/$kafka_node/pid")"; then
				cat "$kafka_dir/$kafka_node/log.txt" >&2
				return 1
			fi
			sleep 0.1
		done
	done
}

kafka_down() {
	for kafka_node in ${2:-$kafka_nodes}; do
		[ -e "$kafka_dir/$kafka_node/pid" ] || continue
		kafka_pid=$(cat "$kafka_dir/$kafka_node/pid")
		kill "-${1:-TERM}" "$kafka_pid"
		wait "$kafka_pid" 2>/dev/null
		rm "$kafka_dir/$kafka_node/pid"
	done
}

kafka_topic() {
	kafka_quietly org.apache.kafka.tools.TopicCommand --create \
	    --bootstrap-server "$brokers" --topic "$1" --partitions "$2" \
	    ${3:+--config "$3"}
}

kafka_acl() {
	kafka_quietly org.apache.kafka.tools.AclCommand --force \
	    --bootstrap-server "$brokers" "$@"
}

kafka_scram() {
	kafka_quietly kafka.admin.ConfigCommand --alter \
	    --bootstrap-server "$brokers" --entity-type users \
	    --entity-name "$1" --add-config "SCRAM-SHA-512=[password=$2]"
}
