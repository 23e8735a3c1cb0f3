/* Every delivery is checked: that it came, once, unaltered, and in one order for all.
 *
 * Most members of a room are sent the same bytes. Whoever is ahead is parsed, and what they heard
 * becomes the reference; everybody else is compared with it, message by message, by memcmp. Lines
 * that hold no message (notices) are stepped over and never enter the reference. A speaker, who
 * does not hear their own lines, and a member who hears another order than the reference, have
 * each message parsed and its number noted; the lists are held against the reference in the end.
 */
#ifndef AUDIT_H
#define AUDIT_H
#include "options.h"
#include <stdint.h>

struct listener {
    int speaker;          /* the turn in which this member speaks, -1 for one that only listens */
    bool lists;           /* notes numbers instead of following the reference */
    uint32_t index;       /* how many messages of the reference were heard */
    uint32_t *heard;      /* the numbers, for one that lists them */
    uint32_t count, room; /* used and allocated entries of `heard` */
    uint32_t last;        /* number of the message heard last, plus one */
};

struct verdict {
    uint64_t missing, duplicates, disordered, garbled, misnamed, notices, acks;
    bool one_order;       /* all members heard the same order */
};

/* Called once for every delivery of message `k` to a member. */
typedef void (*took_t)(void *member, uint32_t k);

void audit_begin(const struct options *options);
void audit_listen(struct listener *listener, int speaker);

/* Takes whole deliveries off `data`; returns how many bytes were taken, the rest is a part of one.
 * `pong` is called with each PING line. */
size_t audit_hear(struct listener *listener, void *member, const char *data, size_t size,
                  took_t took, void (*pong)(void *member, const char *line, size_t size));


/* Adds what this member missed, heard twice or out of order, of the `said` messages. */
void audit_judge(const struct listener *listener, uint32_t said, struct verdict *verdict);

/* Judges the reference itself, and hands over what was counted on the way. */
struct verdict audit_end(uint32_t said);

#endif
