#define _GNU_SOURCE
#include "wire.h"

#include <stdio.h>
#include <string.h>

static const char FILLER[] = "the quick brown fox jumps over the lazy dog, and so on and on; ";

void nick_of(int connection, const struct options *options, char nick[NICK])
{
    snprintf(nick, NICK, "m%06d", (options->first + connection) % 1000000);
}

int connection_of(int speaker, const struct options *options)
{
    return (int)((long)speaker * options->members / options->speakers);
}

void text_of(uint32_t k, int bytes, char *text)
{
    char mark[MARK + 1];
    snprintf(mark, sizeof mark, "%%%010u%%", k);
    memcpy(text, mark, MARK);
    for (int i = MARK; i < bytes; i++)
        text[i] = FILLER[(size_t)(i - MARK) % (sizeof FILLER - 1)];
    if (bytes > MARK)
        text[bytes - 1] = '.'; /* no server has a trailing space to strip */
}

static size_t put(char *out, const char *data, size_t size)
{
    memcpy(out, data, size);
    return size;
}

/* Puts the head of a WebSocket text frame before what stands between `start` and `end`, with a mask
 * of zeros, which changes nothing; returns the new end. */
static char *framed(char *start, char *end)
{
    size_t size = (size_t)(end - start), head = size < 126 ? 6 : 8;
    memmove(start + head, start, size);
    memset(start, 0, head);
    start[0] = (char)0x81;
    start[1] = (char)(0x80 | (size < 126 ? size : 126));
    if (size >= 126) {
        start[2] = (char)(size >> 8);
        start[3] = (char)size;
    }
    return end + head;
}

size_t fill(const char *format, const char *nick, uint32_t id, const char *text, int bytes, char *out)
{
    char *start = out, *frame = NULL, number[12];
    while (*format) {
        if (strncmp(format, "{nick}", 6) == 0) {
            out += put(out, nick, strlen(nick));
            format += 6;
        } else if (strncmp(format, "{text}", 6) == 0) {
            out += put(out, text, (size_t)bytes);
            format += 6;
        } else if (strncmp(format, "{id}", 4) == 0) {
            out += put(out, number, (size_t)snprintf(number, sizeof number, "%u", id));
            format += 4;
        } else if (strncmp(format, "{frame}", 7) == 0) {
            frame = out;
            format += 7;
        } else {
            *out++ = *format++;
        }
    }
    if (frame)
        out = framed(frame, out);
    return (size_t)(out - start);
}

size_t unit_length(const char *data, size_t size, int lines)
{
    const char *at = data, *end = data + size;
    if (size >= 4 && memcmp(data, "PING", 4) == 0)
        lines = 1; /* stands between two deliveries of several lines (NATS) */
    while (lines--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            return 0;
        at = newline + 1;
    }
    return (size_t)(at - data);
}

static uint32_t number_in(const char *mark)
{
    uint32_t number = 0;
    if (mark[0] != '%' || mark[MARK - 1] != '%')
        return NO_MESSAGE;
    for (int i = 1; i < MARK - 1; i++) {
        if (mark[i] < '0' || mark[i] > '9')
            return NO_MESSAGE;
        number = number * 10 + (uint32_t)(mark[i] - '0');
    }
    return number;
}

uint32_t message_in(const char *unit, size_t size, const char **at)
{
    const char *mark = unit, *end = unit + size;
    while ((mark = memchr(mark, '%', (size_t)(end - mark))) && end - mark >= MARK) {
        uint32_t number = number_in(mark);
        if (number != NO_MESSAGE) {
            *at = mark;
            return number;
        }
        mark++;
    }
    return NO_MESSAGE;
}
