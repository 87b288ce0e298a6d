#ifndef LIB_STATUS_H
#define LIB_STATUS_H

/*
 * The exit statuses of every program. A supervisor starts a program again
 * on STATUS_FAILED only; the others want a person.
 */
enum status {
	STATUS_OK = 0,         /* done, nothing lost */
	STATUS_FAILED = 1,     /* failed; trying again may help */
	STATUS_USAGE = 2,      /* wrong usage or configuration; it will not */
	STATUS_CREDENTIALS = 3 /* credentials refused; a person must act */
};

#endif
