#ifndef PUBLISHER_DRIVER_PASSWORD_H
#define PUBLISHER_DRIVER_PASSWORD_H

/*
 * The password in the first line of a file that is ours alone (lib/secret.h);
 * what is wrong with the file ends the program.
 */
const char *password_read(const char *path);

#endif
