#include "page.h"

#include <stddef.h>
#include <string.h>

/* The bytes of a file, from `name` to name_end. */
#define EMBED(name, file)                                           \
	__asm__("\t.section .rodata\n" #name ":\n\t.incbin \"" file \
		"\"\n" #name "_end:\n\t.previous\n");               \
	extern const char name[], name##_end[]

EMBED(index_html, "ctl/page/index.html");
EMBED(style_css, "ctl/page/style.css");
EMBED(script_js, "ctl/page/script.js");

static const struct file {
	const char *path, *type, *start, *end;
} files[] = {
    {"/", "text/html; charset=utf-8", index_html, index_html_end},
    {"/style.css", "text/css; charset=utf-8", style_css, style_css_end},
    {"/script.js", "text/javascript; charset=utf-8", script_js, script_js_end},
};

struct slice
page_find(const char *path, const char **type)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct file *f = &files[i];

		if (strcmp(f->path, path) == 0) {
			*type = f->type;
			return (struct slice){
			    f->start, (size_t)(f->end - f->start)};
		}
	}
	return (struct slice){NULL, 0};
}
