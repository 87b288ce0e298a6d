#include "pipeline.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
pipeline_add(struct pipeline *p, char **argv, char **again)
{
	unsigned twin = 1;

	for (size_t i = 0; i < p->n; i++)
		twin += strcmp(p->stages[i].name, argv[0]) == 0;
	p->stages[p->n++] = (struct stage){.name = argv[0],
	    .twin = twin,
	    .argv = argv,
	    .again = again,
	    .in = STDIN_FILENO,
	    .out = STDOUT_FILENO};
}

void
pipeline_split(struct pipeline *p)
{
	arguments_add(&p->tee, "tee");
	/* A branch that is no more does not stop the others. */
	arguments_add(&p->tee, "-p");
	p->split = p->n;
	pipeline_add(p, p->tee.v, p->tee.v);
}

/* Join stage i, not the first, to the one that feeds it. */
static int
feed(struct pipeline *p, size_t i)
{
	bool branch = p->split != 0 && i > p->split;
	size_t from = branch ? p->split : i - 1;
	struct joint *j = &p->joints[p->n_joints];
	char path[32];

	if (joint_open(j, from, i) == -1)
		return -1;
	p->n_joints++;
	p->stages[i].in = j->read;
	if (!branch || i == p->split + 1) {
		p->stages[from].out = j->write;
		return 0;
	}
	p->branches[p->stages[from].n_more++] = j->write;
	snprintf(path, sizeof(path), "/dev/fd/%d", j->write);
	arguments_add(&p->tee, path);
	return 0;
}

int
pipeline_join(struct pipeline *p)
{
	for (size_t i = 1; i < p->n; i++)
		if (feed(p, i) == -1)
			return -1;
	if (p->split != 0) {
		p->stages[p->split].argv = p->tee.v;
		p->stages[p->split].again = p->tee.v;
		p->stages[p->split].more = p->branches;
	}
	return 0;
}
