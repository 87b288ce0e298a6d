#ifndef LIB_VERSION_H
#define LIB_VERSION_H

/* The suite's version, printed by -V of every program. */
#define VERSION "0.1.0"

#endif
