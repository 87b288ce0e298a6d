# Certificates for tests of TLS. Source it.
#
#	certificates DIR	make in DIR ca.pem, an authority; server.pem and
#				server.key, which it has signed for localhost and
#				no other name; other.pem, another authority
certificates() {
	mkdir -p "$1" && (
		cd "$1" || exit
		make() { openssl req -x509 -nodes -days 7 -newkey ec \
		    -pkeyopt ec_paramgen_curve:P-256 "$@"; }
		make -subj '/CN=ours' -keyout ca.key -out ca.pem
		make -subj '/CN=theirs' -keyout other.key -out other.pem
		make -subj '/CN=localhost' -keyout server.key -out server.pem \
		    -CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:localhost \
		    -addext basicConstraints=critical,CA:false
	) 2>"$1.log"
}
