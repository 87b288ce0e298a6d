#include "store_options.h"

#include "log.h"
#include "quantity.h"
#include "status.h"

enum {
	ROWS = 500,
	ROWS_LIMIT = 100000,
	RECORD_MAX = 1000000,
	BYTES_MAX = 8 * 1024 * 1024,
	LINGER_MS = 1000,
	LINGER_MAX_MS = 3600000
};

void
store_options_open(struct store *st)
{
	st->rows_max = ROWS;
	st->bytes_max = BYTES_MAX;
	st->linger = LINGER_MS;
	st->sink->record_max = RECORD_MAX;
}

bool
store_options_take(struct store *st, int c, const char *argument)
{
	int64_t rows;

	switch (c) {
	case 'b':
		if (quantity_number(argument, 1, ROWS_LIMIT, &rows) == -1)
			die(STATUS_USAGE, "'%s' is not a number from 1 to %d",
			    argument, ROWS_LIMIT);
		st->rows_max = (size_t)rows;
		return true;
	case 'l':
		if (quantity_duration(argument, 0, LINGER_MAX_MS,
			&st->linger) == -1)
			die(STATUS_USAGE, "'%s' is not a time from 0 to 1 h",
			    argument);
		return true;
	default:
		return false;
	}
}
