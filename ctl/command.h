#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

/*
 * The subcommands of twitch-ctl. Each is given its own arguments, argv[0]
 * being its name, says what went wrong, and returns an exit status, or
 * COMMAND_MISUSED when the synopsis shall follow.
 */
enum { COMMAND_MISUSED = -1 };

/* Have the reader read, or no longer read, these channels. */
int command_join(int argc, char **argv);
int command_part(int argc, char **argv);

/* Have it read the channels of a list, and no others. */
int command_set(int argc, char **argv);

/* Have it open a connection anew, or all of them. */
int command_reconnect(int argc, char **argv);

/* Print the channels that are to be read. */
int command_list(int argc, char **argv);

/* Print what the reader is doing; fails when it does not run. */
int command_status(int argc, char **argv);

/* Wait until the reader has joined these channels. */
int command_wait(int argc, char **argv);

#endif
