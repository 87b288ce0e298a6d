#ifndef LIB_SECRET_H
#define LIB_SECRET_H

#include <stddef.h>

/*
 * Read a file that holds a secret: a plain file, no symbolic link, that
 * neither its group nor others may read or write, of at most max bytes. The
 * open descriptor is what is looked at, so that nobody can change the file
 * in between. Returns the bytes, NUL-terminated for convenience, their number
 * in *len, to be freed by secret_free; or NULL with errno set: EPERM when
 * others may read or write the file, ELOOP for a symbolic link, EINVAL when it
 * is no plain file, EFBIG when it is larger.
 */
char *secret_read(const char *path, size_t max, size_t *len);

/* Wipe a NUL-terminated secret and free it. NULL is nothing. */
void secret_free(char *secret);

#endif
