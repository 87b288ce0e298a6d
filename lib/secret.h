#ifndef LIB_SECRET_H
#define LIB_SECRET_H

#include <stddef.h>

/*
 * Read a file that holds a secret: a plain file, no symbolic link, that is
 * ours or root's and that neither its group nor others may read or write, of
 * at most max bytes. The open descriptor is what is looked at, so that nobody
 * can change the file in between; links among the folders above it are
 * followed, since whoever may place them cannot make a file of ours. Returns
 * the bytes, NUL-terminated for convenience, their number in *len, to be freed
 * by secret_free; or NULL with errno set: EPERM when others own the file or
 * may read or write it, ELOOP for a symbolic link, EINVAL when it is no plain
 * file, EFBIG when it is larger.
 */
char *secret_read(const char *path, size_t max, size_t *len);

/*
 * Why secret_read failed, by the errno it left: a sentence without its full
 * stop, with the command to type where one helps. Returns text.
 */
enum { SECRET_WHY_MAX = 1024 };
const char *secret_why(const char *path, int error, char text[SECRET_WHY_MAX]);

/* Wipe a NUL-terminated secret and free it. NULL is nothing. */
void secret_free(char *secret);

#endif
