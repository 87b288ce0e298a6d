# The first of $1 loopback ports in a row, of one without an argument, outside
# the range that the system gives to sockets without one: they are still free
# when a server comes back to them. Source it.
free_ports() {
	perl -MIO::Socket::INET -e '
		do {
			$first = 10000 + int rand 20000;
		} until $ARGV[0] == grep {
			IO::Socket::INET->new(Listen => 1,
			    LocalAddr => "127.0.0.1", LocalPort => $_)
		} $first .. $first + $ARGV[0] - 1;
		print $first' "${1:-1}"
}
