#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "options.h"
#include "reader.h"
#include "standard.h"
#include "stop.h"

static void
usage(int status)
{
	fputs(
	    "usage: ws-reader [-hmV] [-a account] [-b size] [-C file] "
	    "[-f file] [-g seconds]\n"
	    "                 [-i time] [-j joins] [-l logins] [-n channels]\n"
	    "                 [-o drop | block] [-r rooms] [-R connections] "
	    "[-t command]\n"
	    "                 [-T time] [-u url] [channel ...]\n",
	    status == 0 ? stdout : stderr);
	exit(status);
}

int
main(int argc, char *argv[])
{
	static struct reader reader;
	struct options options;
	int status;

	standard_hold();
	log_open("ws-reader");
	options_read(&options, argc, argv, usage);
	stop_on_signals(options.grace);
	reader_open(&reader, &options);
	reader_run(&reader);
	status = reader_close(&reader);
	options_close(&options);
	return status;
}
