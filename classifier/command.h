#ifndef CLASSIFIER_COMMAND_H
#define CLASSIFIER_COMMAND_H

#include "event.h"
#include "irc.h"

/*
 * What each command of Twitch's means: give the event its type, and the
 * fields that come from the source and the parameters, when its tags are
 * read. Returns NULL, or, in a few words, why the message is none of IRC.
 */
const char *command_classify(struct event *e, const struct irc_message *msg);

#endif
