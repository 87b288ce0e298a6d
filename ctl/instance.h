#ifndef CTL_INSTANCE_H
#define CTL_INSTANCE_H

/*
 * Several pipelines on one machine, told apart by a name: choose one by
 * pointing TWITCH_RUN_DIR and TWITCH_STATE_DIR at the folders `name` inside
 * the run and the state directory, for this process and its children.
 *
 * A name is 1 to 32 letters, digits, - and _, and none that a program gives
 * to a file of its own in there. Returns 0; or -1 with errno set, EINVAL for a
 * name that is not one, ENOENT as dirs_run and dirs_state do.
 */
int instance_select(const char *name);

#endif
