#ifndef PUBLISHER_FILE_FILE_STORE_H
#define PUBLISHER_FILE_FILE_STORE_H

#include "driver/store.h"
#include "files.h"
#include "path.h"

/* Files as a store: each record is a line in the file that its path names. */
struct file_store {
	struct path path, checked; /* the store's thread's; the driver's */
	struct files files;        /* its options set by the caller */
};

extern const struct store_ops file_store_ops;

/*
 * Understand the template, which must outlive the store. Returns 0; or -1, and
 * s->path.why says why, or is empty when out of memory.
 */
int file_store_open(struct file_store *s, const char *template);

#endif
