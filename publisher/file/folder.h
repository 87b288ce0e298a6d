#ifndef PUBLISHER_FILE_FOLDER_H
#define PUBLISHER_FILE_FOLDER_H

/*
 * Make the folders that a path leads through, 0750 less the umask. Returns 0,
 * or -1 with errno set.
 */
int folder_make(const char *path);

/*
 * Bring to the disk what each of these folders holds, so that a new file
 * outlives a power cut. Returns 0, or -1 with errno set.
 */
int folder_sync(const char *path);

#endif
