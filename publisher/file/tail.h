#ifndef PUBLISHER_FILE_TAIL_H
#define PUBLISHER_FILE_TAIL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Make a file end where a record does, so that more may be appended: what a
 * crash has cut off is cut away, and a last line that lacks but its line feed
 * gets it. The file is open for reading and writing and holds lines of JSON
 * objects, or zstd's frames.
 *
 * Returns how many bytes were cut away; or -1 with errno set, EILSEQ when the
 * file ends in something else, and is left as it is.
 */
off_t tail_mend(int fd, bool zstd);

#endif
