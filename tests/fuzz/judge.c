#include "judge.h"

#include <jansson.h>

enum judge
judge_read(struct slice text, bool once, const char **fault)
{
	size_t flags = JSON_ALLOW_NUL | (once ? JSON_REJECT_DUPLICATES : 0);
	static json_error_t error;
	json_t *json = json_loadb(text.p, text.len, flags, &error);
	enum judge verdict = JUDGE_FAULT;

	*fault = "";
	if (json_is_object(json)) {
		verdict = JUDGE_OBJECT;
	} else if (json == NULL) {
		enum json_error_code code = json_error_code(&error);

		*fault = error.text;
		if (code == json_error_null_byte_in_key ||
		    code == json_error_numeric_overflow)
			verdict = JUDGE_CANNOT;
	}
	json_decref(json);
	return verdict;
}
