#ifndef LIB_VARIABLE_H
#define LIB_VARIABLE_H

/*
 * The value of an environment variable, or NULL when it is unset or empty:
 * an empty one is how a service file or a shell takes a value back.
 */
const char *variable(const char *name);

/* The same, or `otherwise` in the place of NULL. */
const char *variable_or(const char *name, const char *otherwise);

#endif
