/* Latencies in a histogram of 32 steps to each doubling: an error below 3.2 %, no memory per sample. */
#ifndef LATENCY_H
#define LATENCY_H
#include <stdint.h>

enum { STEPS = 32, BUCKETS = 64 * STEPS };

struct latency {
    uint64_t count, largest;
    uint64_t bucket[BUCKETS];
};

static inline unsigned latency_bucket(uint64_t ns)
{
    if (ns < STEPS)
        return (unsigned)ns;
    unsigned shift = 63 - (unsigned)__builtin_clzll(ns) - 5;
    return (shift + 1) * STEPS + (unsigned)((ns >> shift) - STEPS);
}

static inline void latency_add(struct latency *latency, uint64_t ns)
{
    latency->count++;
    if (ns > latency->largest)
        latency->largest = ns;
    latency->bucket[latency_bucket(ns)]++;
}

/* The middle of the bucket that holds the given share of the samples, in microseconds. */
static inline double latency_us(const struct latency *latency, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)latency->count), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += latency->bucket[i];
        if (latency->bucket[i] && seen > wanted) {
            if (i < STEPS)
                return i / 1e3;
            unsigned shift = i / STEPS - 1;
            return (double)(((uint64_t)(i % STEPS + STEPS) << shift) + (1ull << shift) / 2) / 1e3;
        }
    }
    return (double)latency->largest / 1e3;
}

#endif
