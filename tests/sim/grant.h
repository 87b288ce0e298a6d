#ifndef SIM_GRANT_H
#define SIM_GRANT_H

/* POST /oauth2/token: every grant that Twitch knows. */
struct oauth;
struct web_request;

void oauth_on_token(struct oauth *oauth, struct web_request *r);

#endif
