#ifndef CTL_INSTANCE_H
#define CTL_INSTANCE_H

/*
 * Several pipelines on one machine, told apart by a name: choose one by
 * pointing TWITCH_RUN_DIR and TWITCH_STATE_DIR at the folders `name` inside
 * the run and the state directory, for this process and its children. Logins
 * are every pipeline's: TWITCH_LOGIN_DIR says where they stay.
 *
 * A name is 1 to 32 letters, digits, - and _, and none that a program gives
 * to a file of its own in there. Exits with STATUS_USAGE, having said why,
 * when it is none or there are no such directories.
 */
void instance_select(const char *name);

#endif
