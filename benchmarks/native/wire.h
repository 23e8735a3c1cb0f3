/* The wire of the server under test, as far as a load generator needs it. */
#ifndef WIRE_H
#define WIRE_H
#include "options.h"
#include <stdint.h>

/* Longest nick, with its NUL: ngIRCd allows nine characters. */
enum { NICK = 10, MARK = 12 };
#define NO_MESSAGE UINT32_MAX

void nick_of(int connection, const struct options *options, char nick[NICK]);

/* Which member speaks in this turn: the speakers are spread evenly over the order of joining. */
int connection_of(int speaker, const struct options *options);

/* Writes the text of message number `k`: its number between two `%`, then filler; `bytes` in all. */
void text_of(uint32_t k, int bytes, char *text);

/* Fills `{nick}`, `{id}` and `{text}` into `out`; returns the length. What stands behind `{frame}` goes
 * into a WebSocket frame. */
size_t fill(const char *format, const char *nick, uint32_t id, const char *text, int bytes, char *out);

/* Length of the first whole delivery (or other line) in `data`, 0 when more has to come. */
size_t unit_length(const char *data, size_t size, int lines);

/* The number of the message in a unit, NO_MESSAGE when it holds none; `at` is where its text begins. */
uint32_t message_in(const char *unit, size_t size, const char **at);

#endif
