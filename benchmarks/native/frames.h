/* WebSocket frames as a server sends them (RFC 6455), and messages it has compressed (RFC 7692). */
#ifndef FRAMES_H
#define FRAMES_H
#include <stdbool.h>
#include <stddef.h>

/* Finds the first frame in `data`; false when it is not whole. `taken` is its length, `message` what
 * it holds of a message, decompressed, and NULL when it holds none. That is valid until the next call.
 * No message may refer to another one: then the same frame is the same message for everybody, and is
 * decompressed once. */
bool frame_open(const char *data, size_t size, size_t *taken, const char **message, size_t *length);

#endif
