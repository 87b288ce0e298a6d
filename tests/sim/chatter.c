#include "chatter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array[0]))

static const char *const firsts[] = {"amber", "brisk", "candid", "drowsy",
    "electric", "frosty", "gentle", "hollow", "idle", "jolly", "keen", "lunar",
    "mellow", "nimble", "opal", "plucky", "quiet", "rustic", "silver", "tidal",
    "ultra", "velvet", "wandering", "xeno", "yonder", "zesty"};

static const char *const seconds[] = {"_otter", "badger", "comet", "_dumpling",
    "engine", "falcon", "_gopher", "heron", "ibex", "_jackal", "kettle",
    "lantern", "_mango", "newt", "orbit", "_pickle", "quokka", "raven",
    "_sprout", "teapot", "urchin", "_viper", "walrus", "yak", "_zebra"};

/* What a display name may be when it is not the login in other letters. */
static const char *const localized[] = {"静かな川", "星屑ラーメン",
    "달빛고양이", "Тихий Ёж", "小さな猫 ", "Søren Å", "แมวน้ำ", "قمر"};

static const char *const colors[] = {"#FF0000", "#0000FF", "#008000", "#B22222",
    "#FF7F50", "#9ACD32", "#FF4500", "#2E8B57", "#DAA520", "#D2691E", "#5F9EA0",
    "#1E90FF", "#FF69B4", "#8A2BE2", "#00FF7F"};

static void
make_names(struct chatter *one, struct draw *d)
{
	const char *first = firsts[draw_below(d, COUNT(firsts))];
	const char *second = seconds[draw_below(d, COUNT(seconds))];

	snprintf(one->login, sizeof(one->login), "%s%s%u", first, second,
	    draw_below(d, 10000));
	strcpy(one->display_name, one->login);
	if (draw_chance(d, 50))
		strcpy(one->display_name,
		    localized[draw_below(d, COUNT(localized))]);
	else if (draw_chance(d, 500))
		one->display_name[0] =
		    (char)toupper((unsigned char)one->login[0]);
}

static void
add_badge(struct chatter *one, const char *badge)
{
	if (one->badges[0] != '\0')
		strcat(one->badges, ",");
	strcat(one->badges, badge);
}

static void
make_badges(struct chatter *one, struct draw *d)
{
	static const char *const extras[] = {
	    "premium/1", "glhf-pledge/1", "bits/1000", "sub-gifter/5"};
	char text[32];

	one->mod = draw_chance(d, 20);
	one->vip = !one->mod && draw_chance(d, 30);
	one->subscriber = draw_chance(d, 400);
	one->turbo = draw_chance(d, 10);
	if (one->mod)
		add_badge(one, "moderator/1");
	if (one->vip)
		add_badge(one, "vip/1");
	if (one->subscriber) {
		one->months = 1 + draw_below(d, 60);
		snprintf(one->badge_info, sizeof(one->badge_info),
		    "subscriber/%u", one->months);
		snprintf(text, sizeof(text), "subscriber/%u",
		    one->months < 3 ? 0 : one->months / 3 * 3);
		add_badge(one, text);
	}
	if (draw_chance(d, 400))
		add_badge(one, extras[draw_below(d, COUNT(extras))]);
}

struct chatter
chatter_make(struct draw *d)
{
	struct chatter one = {0};

	make_names(&one, d);
	make_badges(&one, d);
	if (!draw_chance(d, 100))
		strcpy(one.color, colors[draw_below(d, COUNT(colors))]);
	snprintf(one.user_id, sizeof(one.user_id), "%u",
	    10000000 + draw_below(d, 900000000));
	return one;
}
