#ifndef CTL_BESIDE_H
#define CTL_BESIDE_H

/*
 * Become the program argv[0] of the suite: the one that lies beside the
 * program that runs now, else the one in PATH. Returns only when that fails,
 * with errno set, ENOENT when there is none.
 */
void beside_exec(char **argv);

#endif
