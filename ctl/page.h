#ifndef CTL_PAGE_H
#define CTL_PAGE_H

#include "slice.h"

/*
 * A file of the status page, from ctl/page/, which the program holds. path is
 * the request's, as in /style.css. Returns the bytes, or nothing (p is NULL)
 * when there is no such file; *type is its media type.
 */
struct slice page_find(const char *path, const char **type);

#endif
