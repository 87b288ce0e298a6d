#ifndef CTL_EXPOSITION_H
#define CTL_EXPOSITION_H

#include <stddef.h>

#include "textfile.h"

/*
 * All metrics files as one page in Prometheus' text format 0.0.4, which wants
 * each family in one piece and with one HELP and one TYPE, though several
 * files may have some of it. Of each file it also says how old it is, whether
 * that is too old, and how many of its lines are none; these are left out.
 *
 * Returns the page and its length, the caller frees; or NULL when out of
 * memory.
 */
char *exposition(const struct textfiles *files, size_t *len);

#endif
