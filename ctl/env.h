#ifndef CTL_ENV_H
#define CTL_ENV_H

/*
 * Put the variables of a .env file into the environment, those that it has
 * not already: the environment wins. A line is NAME=VALUE, `export` before it
 * allowed, blanks around both; one pair of quotes, single or double, is taken
 * off; # begins a comment at the start of a line and after a blank outside
 * quotes. Nothing is expanded. UTF-8's byte order mark may come first.
 *
 * Returns 0, also when there is no such file; or -1 with errno set and *line
 * 0, EPERM when it is neither ours nor root's or others may write it; or EINVAL
 * and the number of the first line that is none of this. The lines before it
 * are then in the environment.
 */
int env_load(const char *path, unsigned *line);

#endif
