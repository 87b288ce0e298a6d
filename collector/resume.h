#ifndef COLLECTOR_RESUME_H
#define COLLECTOR_RESUME_H

#include "reconcile.h"

/*
 * Up to when an earlier reader has seen the channels, from the status.json at
 * path that report.c has written: what was said since then in those that are
 * wanted still is missing. That there is no such file is no error; a damaged
 * one is warned about.
 */
void resume_read(const char *path, struct reconcile *reconcile);

#endif
