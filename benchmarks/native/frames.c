#define _GNU_SOURCE
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { COMPRESSED = 0x40, OPCODE = 0x0F, CLOSE = 0x8, KEPT = 8, LONGEST = 1 << 20 };

/* Messages that were decompressed last, beside what they were made of: members are a few apart. */
static struct opened {
    char *packed, *message;
    size_t packed_size, size;
} kept[KEPT];
static int oldest;

static void fail(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(1);
}

/* Every message ends, so to speak, with an empty block that is not sent. */
static size_t inflated(const char *packed, size_t size, char *message)
{
    static z_stream stream;
    static bool begun;
    static unsigned char tail[] = {0, 0, 0xff, 0xff};
    if ((begun ? inflateReset(&stream) : inflateInit2(&stream, -MAX_WBITS)) != Z_OK)
        fail("no memory to decompress");
    begun = true;
    stream.next_in = (unsigned char *)packed;
    stream.avail_in = (unsigned)size;
    stream.next_out = (unsigned char *)message;
    stream.avail_out = LONGEST;
    int went = inflate(&stream, Z_NO_FLUSH);
    stream.next_in = tail;
    stream.avail_in = sizeof tail;
    if (went == Z_OK)
        went = inflate(&stream, Z_SYNC_FLUSH);
    if (went != Z_OK && went != Z_BUF_ERROR)
        fail("a message that is not deflated as it should be");
    return LONGEST - stream.avail_out;
}

static const struct opened *opened(const char *packed, size_t size)
{
    static char message[LONGEST];
    for (int i = 0; i < KEPT; i++)
        if (kept[i].packed_size == size && memcmp(kept[i].packed, packed, size) == 0)
            return &kept[i];
    struct opened *made = &kept[oldest++ % KEPT];
    made->packed_size = size;
    made->size = inflated(packed, size, message);
    made->packed = realloc(made->packed, size + 1);
    made->message = realloc(made->message, made->size + 1);
    if (!made->packed || !made->message)
        fail("no memory for messages");
    memcpy(made->packed, packed, size);
    memcpy(made->message, message, made->size);
    return made;
}

bool frame_open(const char *data, size_t size, size_t *taken, const char **message, size_t *length)
{
    const unsigned char *head = (const unsigned char *)data;
    size_t before = 2;
    if (size < before)
        return false;
    *length = head[1];
    if (head[1] > 125) {
        before = head[1] == 126 ? 4 : 10;
        if (size < before)
            return false;
        *length = 0;
        for (size_t i = 2; i < before; i++)
            *length = *length << 8 | head[i];
    }
    if (size - before < *length)
        return false;
    *taken = before + *length;
    *message = (head[0] & OPCODE) < CLOSE ? data + before : NULL;
    if (*message && head[0] & COMPRESSED) {
        const struct opened *whole = opened(data + before, *length);
        *message = whole->message;
        *length = whole->size;
    }
    return true;
}
