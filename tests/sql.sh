# For the tests of the SQL stores. Source it after lib.sh.
#
#	sql_events		the golden events and snapshots
#	sql_queries		the queries of twitch-events-sql(5), NUL-ended
#	sql_columns, sql_views	what that page says of tables and views
#	sql_tell FAULT IN ROWS IDS	add to the file `account`, as faults.sh does
#
# What each query gives is in golden/sql/queries.out, in their order, each
# after an empty line, columns between |.
cat >>"$T/.functions" <<'END'
sql_events() {
	irc-classify <"$TOP/tests/golden/sql/lines.irc" &&
	cat "$TOP/tests/golden/sql/snapshots.ndjson"
}
sql_queries() {
	awk '/^\.Sh/ { on = $2 == "EXAMPLES" }
		on && /^\.Bd/ { query = 1; next }
		on && /^\.Ed/ { query = 0; printf "%c", 0 }
		query' "$TOP/man/twitch-events-sql.5"
}
# The columns of table $1 in that manual, and their types, which are word $2 of
# its lines there; and the columns of each view.
sql_columns() {
	awk -v table="$1" -v type="$2" '/^\.Ss/ { on = $2 == table }
		on && /^\.It Li/ { print $3 "|" $type }' \
	    "$TOP/man/twitch-events-sql.5"
}
sql_views() {
	perl -0ne 'while (/^\.It Li (\w+)\n.*?^(id, .*?raw_message)\./msg) {
		my ($view, $columns) = ($1, $2);
		$columns =~ s/\s+/ /g;
		print "$view:$columns\n";
	}' "$TOP/man/twitch-events-sql.5"
}
# Run each by a command that reads it, and compare.
sql_compare() {
	sql_queries | while IFS= read -r -d "" query; do
		echo
		printf "%s\n" "$query" | "$@" || exit
	done >queries.out && diff "$TOP/tests/golden/sql/queries.out" queries.out
}
sql_tell() {
	printf "# %s: %d in, %d found, 0 rejected, %d more than once\n" \
	    "$1" "$2" "$4" $(($3 - $4)) >>account
}
# Numbered events of five channels, $1 of them from $2 on (1).
sql_numbered() {
	awk -v n="$1" -v from="${2:-1}" 'BEGIN { for (i = from; i < from + n; i++)
		printf "{\"type\":\"message\",\"timestamp\":1763688%06d,\"channel\":\"c%d\",\"id\":\"%d\",\"username\":\"u%d\",\"message\":\"hello \\\"%d\\\"\"}\n",
		    i, i % 5, i, i % 97, i }'
}
END
