# Apache Kafka for tests and benches: one node, broker and controller, on
# loopback ports of its own. Source it with $B and $TOP set and $B/kafka/lib
# made.
#
#	kafka_new DIR		a cluster in DIR; $brokers is where it will listen
#	kafka_up		start it and wait until it answers; $kafka_pid
#	kafka_down [SIGNAL]	end it and wait until it is gone
#	kafka_topic NAME PARTITIONS [PROPERTY=VALUE]
#	kafka CLASS ARG...	any of Kafka's own tools
#
# Each returns 1, the reason on standard error, when it fails.

CLASSPATH="$TOP/tests/kafka:$B/kafka/lib/*"
export CLASSPATH
kafka_pid=

# A port outside the range that the system gives to sockets without one, so
# that it is still free when a broker comes back to it.
kafka_port() {
	perl -MIO::Socket::INET -e '
		do {
			$port = 10000 + int rand 20000;
		} until IO::Socket::INET->new(Listen => 1,
		    LocalAddr => "127.0.0.1", LocalPort => $port);
		print $port'
}

kafka() {
	java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"
}

# One that has nothing to say unless it fails.
kafka_quietly() {
	kafka "$@" >"$kafka_dir/tool.log" 2>&1 ||
	    { cat "$kafka_dir/tool.log" >&2 && return 1; }
}

kafka_new() {
	kafka_dir=$1
	mkdir -p "$kafka_dir/tmp" || return 1
	brokers=127.0.0.1:$(kafka_port)
	export brokers
	controller=127.0.0.1:$(kafka_port)
	cat >"$kafka_dir/server.properties" <<-EOF
		process.roles=broker,controller
		node.id=1
		listeners=PLAINTEXT://$brokers,CONTROLLER://$controller
		controller.listener.names=CONTROLLER
		controller.quorum.voters=1@$controller
		log.dirs=$kafka_dir/log
		# Whoever publishes an archive means to keep it.
		log.retention.ms=-1
		auto.create.topics.enable=false
		offsets.topic.replication.factor=1
		offsets.topic.num.partitions=1
		transaction.state.log.replication.factor=1
		transaction.state.log.min.isr=1
		transaction.state.log.num.partitions=1
		group.initial.rebalance.delay.ms=0
		# How long a killed broker's successor waits for it to be dead.
		broker.session.timeout.ms=3000
		broker.heartbeat.interval.ms=500
	EOF
	kafka_quietly kafka.tools.StorageTool format -t twitch-ingest \
	    -c "$kafka_dir/server.properties"
}

kafka_up() {
	java -Xmx512m -Djava.io.tmpdir="$kafka_dir/tmp" kafka.Kafka \
	    "$kafka_dir/server.properties" >>"$kafka_dir/server.log" 2>&1 &
	kafka_pid=$!
	kafka_tries=600
	until kcat -L -m 1 -b "$brokers" >"$kafka_dir/metadata" 2>&1; do
		kafka_tries=$((kafka_tries - 1))
		if [ $kafka_tries = 0 ] || ! kill -0 $kafka_pid 2>/dev/null; then
			cat "$kafka_dir/server.log" >&2
			return 1
		fi
		sleep 0.1
	done
}

kafka_down() {
	kill "-${1:-TERM}" $kafka_pid
	wait $kafka_pid 2>/dev/null
	kafka_pid=
}

kafka_topic() {
	kafka_quietly org.apache.kafka.tools.TopicCommand --create \
	    --bootstrap-server "$brokers" --topic "$1" --partitions "$2" \
	    ${3:+--config "$3"}
}
