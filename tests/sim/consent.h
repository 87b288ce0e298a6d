#ifndef SIM_CONSENT_H
#define SIM_CONSENT_H

/*
 * How a person is asked: the page of the authorization-code flow, on which
 * the person decides at once; the device flow's codes, and the page where the
 * person enters them.
 */
struct oauth;
struct web_request;

void oauth_on_authorize(struct oauth *oauth, struct web_request *r);
void oauth_on_device(struct oauth *oauth, struct web_request *r);
void oauth_on_activate(struct oauth *oauth, struct web_request *r);

#endif
