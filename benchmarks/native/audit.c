#define _GNU_SOURCE
#include "audit.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct options *options;
static struct verdict seen;
static char *expected; /* a text, of which only the mark is ever rewritten */

/* The reference: bytes, where each message ends in them, and its number. */
static struct {
    char *bytes;
    size_t size, room;
    uint64_t *end;
    uint32_t *number;
    uint32_t count, slots;
} reference;

static void *grown(void *old, size_t count, size_t each)
{
    void *block = realloc(old, count * each);
    if (!block) {
        perror("load: memory");
        exit(1);
    }
    return block;
}

void audit_begin(const struct options *asked)
{
    options = asked;
    expected = grown(NULL, (size_t)options->bytes, 1);
    text_of(0, options->bytes, expected);
}

void audit_listen(struct listener *listener, int speaker)
{
    listener->speaker = speaker;
    listener->lists = speaker >= 0 && !options->echoes;
}

static uint64_t start_of(uint32_t index)
{
    return index ? reference.end[index - 1] : 0;
}

static void extend(const char *unit, size_t size, uint32_t k)
{
    while (reference.size + size > reference.room) {
        reference.room = reference.room ? 2 * reference.room : 1 << 20;
        reference.bytes = grown(reference.bytes, reference.room, 1);
    }
    if (reference.count == reference.slots) {
        reference.slots = reference.slots ? 2 * reference.slots : 1 << 14;
        reference.end = grown(reference.end, reference.slots, sizeof *reference.end);
        reference.number = grown(reference.number, reference.slots, sizeof *reference.number);
    }
    memcpy(reference.bytes + reference.size, unit, size);
    reference.size += size;
    reference.end[reference.count] = reference.size;
    reference.number[reference.count++] = k;
}

static void note(struct listener *listener, uint32_t k)
{
    if (listener->count == listener->room) {
        listener->room = listener->room ? 2 * listener->room : 64;
        listener->heard = grown(listener->heard, listener->room, sizeof *listener->heard);
    }
    listener->heard[listener->count++] = k;
}

/* From here on this member's own order is noted: what it heard so far was the reference's. */
static void part_ways(struct listener *listener)
{
    for (uint32_t i = 0; i < listener->index; i++)
        note(listener, reference.number[i]);
    listener->lists = true;
}

static void check_text(const char *unit, size_t size, const char *text, uint32_t k)
{
    size_t before = (size_t)(text - unit), bytes = (size_t)options->bytes;
    if (size - before < bytes + 1 || memcmp(text + MARK, expected + MARK, bytes - MARK) != 0)
        seen.garbled++;
    if (options->named) {
        char nick[NICK];
        nick_of(connection_of((int)(k % (uint32_t)options->speakers), options), options, nick);
        if (!memmem(unit, before, nick, strlen(nick)))
            seen.misnamed++;
    }
}

static void hear_unit(struct listener *listener, void *member, const char *unit, size_t size,
                      took_t took)
{
    const char *text;
    uint32_t k = message_in(unit, size, &text);
    if (k == NO_MESSAGE) {
        seen.notices++;
        if (*options->ack && memmem(unit, size, options->ack, strlen(options->ack)))
            seen.acks++;
        return;
    }
    check_text(unit, size, text, k);
    if (!listener->lists) {
        if (listener->index == reference.count)
            extend(unit, size, k);
        else if (reference.number[listener->index] != k)
            part_ways(listener);
    }
    if (listener->lists)
        note(listener, k);
    else
        listener->index++;
    listener->last = k + 1;
    took(member, k);
}

static size_t follow_reference(struct listener *listener, void *member, const char *data,
                               size_t size, took_t took)
{
    size_t taken = 0;
    uint64_t start = start_of(listener->index);
    while (listener->index < reference.count) {
        uint64_t end = reference.end[listener->index];
        size_t length = (size_t)(end - start);
        if (size - taken < length || memcmp(data + taken, reference.bytes + start, length) != 0)
            break;
        listener->last = reference.number[listener->index] + 1;
        took(member, reference.number[listener->index++]);
        taken += length;
        start = end;
    }
    return taken;
}

size_t audit_hear(struct listener *listener, void *member, const char *data, size_t size,
                  took_t took, void (*pong)(void *member, const char *line, size_t size))
{
    size_t taken = 0;
    while (taken < size) {
        if (!listener->lists)
            taken += follow_reference(listener, member, data + taken, size - taken, took);
        size_t unit = unit_length(data + taken, size - taken, options->lines);
        if (!unit)
            break;
        if (unit >= 5 && memcmp(data + taken, "PING", 4) == 0)
            pong(member, data + taken, unit);
        else
            hear_unit(listener, member, data + taken, unit, took);
        taken += unit;
    }
    return taken;
}

static bool own(const struct listener *listener, uint32_t k)
{
    return !options->echoes && listener->speaker >= 0
           && k % (uint32_t)options->speakers == (uint32_t)listener->speaker;
}

/* Whether the numbers are those of the reference, in its order, but for the member's own. */
static bool in_step(const struct listener *listener)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < reference.count; i++) {
        if (own(listener, reference.number[i]))
            continue;
        if (at == listener->count || listener->heard[at] != reference.number[i])
            return false;
        at++;
    }
    return at == listener->count;
}

/* Counts what is missing, doubled, or behind a later one of the same speaker. */
static void count_faults(const uint32_t *heard, uint32_t count, const struct listener *listener,
                         uint32_t said, struct verdict *verdict)
{
    uint32_t speakers = (uint32_t)options->speakers;
    unsigned char *have = calloc(said + 1, 1);
    uint32_t *last = calloc(speakers, sizeof *last);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t k = heard[i];
        if (k >= said) {
            verdict->garbled++;
            continue;
        }
        if (have[k]++)
            verdict->duplicates++;
        if (k + 1 < last[k % speakers])
            verdict->disordered++;
        last[k % speakers] = k + 1;
    }
    for (uint32_t k = 0; k < said; k++)
        if (!have[k] && !own(listener, k))
            verdict->missing++;
    free(have);
    free(last);
}

void audit_judge(const struct listener *listener, uint32_t said, struct verdict *verdict)
{
    if (!listener->lists) {
        verdict->missing += reference.count - listener->index;
        if (reference.count < said)
            verdict->missing += said - reference.count;
    } else if (!in_step(listener) || reference.count != said) {
        verdict->one_order = verdict->one_order && in_step(listener);
        count_faults(listener->heard, listener->count, listener, said, verdict);
    }
}

struct verdict audit_end(uint32_t said)
{
    struct listener nobody = {.speaker = -1};
    struct verdict faults = {0};
    seen.one_order = true;
    count_faults(reference.number, reference.count, &nobody, said, &faults);
    seen.duplicates += faults.duplicates;
    seen.disordered += faults.disordered;
    seen.garbled += faults.garbled;
    return seen;
}
