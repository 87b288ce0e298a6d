#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "slice.h"

/* The commands on standard input; the head of twitch-sim.c has the list. */

struct sim;

/* Obey one. What is wrong with it is logged, and changes nothing. */
void script_obey(struct sim *sim, struct slice line);

#endif
