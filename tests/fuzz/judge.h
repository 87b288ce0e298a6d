#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "slice.h"

/*
 * A parser of JSON that is not ours, jansson, to judge what ours reads and
 * writes. It is strict: UTF-8, and no name twice in an object where `once`.
 */
enum judge {
	JUDGE_FAULT,  /* no object */
	JUDGE_OBJECT, /* one object and nothing else */
	JUDGE_CANNOT  /* a NUL in a name, or a number too large for it */
};

/* Its verdict, and a fault in its words, which the next call changes. */
enum judge judge_read(struct slice text, bool once, const char **fault);

#endif
