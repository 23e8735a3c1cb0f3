/* The load generator: many connections, one thread, one core.
 *
 * It joins all members, waits until nothing more arrives, says `joined` and waits for a line on
 * standard input. Then it speaks, closed loop (a window of messages in flight) or open loop (by
 * the clock), says `measuring` and `measured` as it goes, waits until everything has arrived, and
 * prints what it counted. Every event is a line of JSON on standard output, so that whoever
 * started it can look at the server's accounts at the same moments.
 *
 * A message is in flight until each live member but the speaker has received it: this is the same
 * for every server, whatever order it sends in.
 */
#define _GNU_SOURCE
#include "audit.h"
#include "connection.h"
#include "frames.h"
#include "latency.h"
#include "options.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TURN = 64 }; /* connections read before the speakers get their turn */
enum section { STOPPED, WAKING, AFTER, SECTIONS };

static struct options options;
static struct connection *connections; /* members first, then speakers of their own */
static int total;
static int live, asleep;               /* epolls; `asleep` is read with what time is left */
static int ready, lost;

static uint64_t now;                   /* as of the last receive */
static uint64_t *said_at;              /* when message k was said, or was due */
static uint32_t *left;                 /* live deliveries of message k still to come */
static uint32_t said, said_room, in_flight;
static uint32_t finished;              /* all before this one were delivered to the living */
static int listeners;                  /* members that read all the time */
static uint64_t deliveries, late_deliveries, last_delivery;
static bool measuring;
static int behind;                     /* sleepers not level yet */
static enum section section;
static struct latency latencies[SECTIONS];

static struct connection **dirty;
static int dirties;

static uint64_t clock_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t ns(double seconds) { return (uint64_t)(seconds * 1e9); }

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void *allocated(void *old, size_t count, size_t each)
{
    void *block = realloc(old, count * each);
    if (!block) {
        perror("load: memory");
        exit(1);
    }
    return block;
}

static struct connection *speaker(int turn)
{
    return &connections[options.separate ? options.members + turn : connection_of(turn, &options)];
}

/* -- receiving ---------------------------------------------------------------------------- */

static void took(void *member, uint32_t k)
{
    const struct connection *c = member;
    if (c->sleeper) {
        late_deliveries++;
        return;
    }
    if (k >= said || !left[k])
        return; /* the audit counts it as garbled or doubled */
    deliveries++;
    if (--left[k] == 0)
        in_flight--;
    if (measuring && c->number % options.latency_every == 0)
        latency_add(&latencies[section], now - said_at[k]);
}

static void pong(void *member, const char *line, size_t size)
{
    struct connection *c = member;
    char answer[512];
    if (size > sizeof answer)
        return;
    memcpy(answer, line, size);
    answer[1] = 'O'; /* PING x: PONG x */
    connection_put(c, answer, size);
    connection_flush(c, live);
}

static void lose(struct connection *c)
{
    lost++;
    close(c->fd);
}

/* Takes whole frames; of one that holds deliveries it takes all. Who does not listen yet only goes on. */
static size_t hear_frames(struct connection *c, const char *data, size_t size)
{
    size_t taken = 0, frame, length;
    const char *message;
    while (frame_open(data + taken, size - taken, &frame, &message, &length)) {
        if (message && c->state == LISTENING
            && audit_hear(&c->listener, c, message, length, took, pong) != length) {
            fprintf(stderr, "load: a message that ends within a line\n");
            exit(1);
        }
        taken += frame;
    }
    return taken;
}

static void hear(struct connection *c, const char *data, size_t size)
{
    size_t taken = options.frames ? hear_frames(c, data, size)
                                  : audit_hear(&c->listener, c, data, size, took, pong);
    connection_keep(c, data + taken, size - taken);
}

static void receive(struct connection *c)
{
    size_t size;
    const char *data = connection_receive(c, &size);
    if (c->state == LOST) {
        lose(c);
    } else if (size && c->state == GREETING) {
        connection_keep(c, data, size);
        ready += connection_greet(c, live, &options);
    } else if (size && c->state == LISTENING) {
        last_delivery = now = clock_ns();
        hear(c, data, size);
    } else if (size && options.frames) {
        hear(c, data, size);
    }
}

static void serve(struct connection *c, unsigned events)
{
    if (c->state == CONNECTING) {
        watch(live, EPOLL_CTL_MOD, c, EPOLLIN);
        ready += connection_greet(c, live, &options);
        return;
    }
    if (events & EPOLLOUT)
        connection_flush(c, live);
    if (events & ~(unsigned)EPOLLOUT && c->state != LOST)
        receive(c);
}

/* Serves what is ready, waiting for it at most `wait` nanoseconds; returns how many there were. */
static int turn(uint64_t wait)
{
    struct epoll_event events[TURN];
    struct timespec time = {.tv_sec = (time_t)(wait / 1000000000u), .tv_nsec = (long)(wait % 1000000000u)};
    int count = epoll_pwait2(live, events, TURN, &time, NULL);
    if (count < 0 && errno != EINTR) {
        perror("load: epoll_pwait2");
        exit(1);
    }
    for (int i = 0; i < count; i++)
        serve(events[i].data.ptr, events[i].events);
    return count;
}

/* -- joining ------------------------------------------------------------------------------ */

static void join_all(void)
{
    uint64_t start = clock_ns(), progress = start;
    int opened = 0, before = 0;
    while (ready < total && !lost) {
        while (opened < total && opened - ready < options.outstanding)
            connection_open(&connections[opened++], live, &options);
        turn(100000000);
        if (ready > before) {
            before = ready;
            progress = clock_ns();
        } else if (clock_ns() - progress > ns(options.drain)) {
            break;
        }
    }
    printf("{\"event\": \"greeted\", \"seconds\": %.6f, \"ready\": %d, \"lost\": %d}\n",
           (double)(clock_ns() - start) / 1e9, ready, lost);
    if (ready < total) {
        fprintf(stderr, "load: %d of %d were greeted, %d were lost\n", ready, total, lost);
        exit(1);
    }
}

/* Lets what the joining stirred up pass; nothing of it is looked at. */
static void settle(void)
{
    while (turn(ns(options.quiet)) > 0)
        ;
}

/* Serves on until a line, or the end, of standard input. */
static void await_word(void)
{
    struct connection word = {.fd = STDIN_FILENO};
    struct epoll_event events[TURN];
    char line[64];
    watch(live, EPOLL_CTL_ADD, &word, EPOLLIN);
    for (;;) {
        int count = epoll_wait(live, events, TURN, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &word) {
                epoll_ctl(live, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
                if (read(STDIN_FILENO, line, sizeof line) < 0)
                    exit(1);
                return;
            }
            serve(events[i].data.ptr, events[i].events);
        }
    }
}

/* -- speaking ----------------------------------------------------------------------------- */

static void say(uint64_t at)
{
    static char text[1 << 16], line[1 << 17];
    char nick[NICK];
    int whose = (int)(said % (uint32_t)options.speakers);
    struct connection *c = speaker(whose);
    if (said == said_room) {
        said_room = said_room ? 2 * said_room : 1 << 14;
        said_at = allocated(said_at, said_room, sizeof *said_at);
        left = allocated(left, said_room, sizeof *left);
    }
    nick_of(c->number, &options, nick);
    text_of(said, options.bytes, text);
    connection_put(c, line, fill(options.say, nick, ++c->ids, text, options.bytes, line));
    said_at[said] = at;
    left[said++] = (uint32_t)(listeners - !(options.separate || options.echoes));
    in_flight++;
    if (!c->dirty) {
        c->dirty = true;
        dirty[dirties++] = c;
    }
}

static void flush_dirty(void)
{
    for (int i = 0; i < dirties; i++) {
        dirty[i]->dirty = false;
        connection_flush(dirty[i], live);
    }
    dirties = 0;
}

static void speak_closed(void)
{
    if (in_flight >= (uint32_t)options.window)
        return;
    uint64_t at = clock_ns();
    while (in_flight < (uint32_t)options.window)
        say(at);
    flush_dirty();
}

/* Says what is due; returns when the next is. The latency counts from when it was due. */
static uint64_t speak_open(uint64_t start, uint32_t first)
{
    double each = 1e9 / options.rate;
    uint64_t at = clock_ns(), due;
    while ((due = start + (uint64_t)((said - first) * each)) <= at)
        say(due);
    flush_dirty();
    return due;
}

/* -- those who stop reading ---------------------------------------------------------------- */

static void choose_sleepers(void)
{
    int chosen = 0;
    for (int i = options.members - 1; i >= 0 && chosen < options.stopped; i--) {
        if (connections[i].listener.speaker < 0) {
            connections[i].sleeper = true;
            chosen++;
        }
    }
    listeners = options.members - chosen;
}

static void move_sleepers(int from, int to)
{
    for (int i = 0; i < options.members; i++) {
        struct connection *c = &connections[i];
        if (!c->sleeper || c->state == LOST)
            continue;
        if (from >= 0)
            epoll_ctl(from, EPOLL_CTL_DEL, c->fd, NULL);
        if (to >= 0)
            watch(to, EPOLL_CTL_ADD, c, EPOLLIN);
    }
}

/* Level is one who has come as far as the slowest of those who never stopped. */
static bool level(const struct connection *c)
{
    while (finished < said && !left[finished])
        finished++;
    return c->listener.last >= finished;
}

/* Reads once from one who woke. Those who are level are read with the living again. */
static void read_woken(void)
{
    struct epoll_event event;
    if (epoll_wait(asleep, &event, 1, 0) != 1)
        return;
    struct connection *c = event.data.ptr;
    receive(c);
    if (c->state == LOST || level(c)) {
        behind--;
        if (c->state != LOST) {
            epoll_ctl(asleep, EPOLL_CTL_DEL, c->fd, NULL);
            watch(live, EPOLL_CTL_ADD, c, EPOLLIN);
        }
    }
}

/* -- the run ------------------------------------------------------------------------------ */

static void event(const char *name, uint64_t since)
{
    printf("{\"event\": \"%s\", \"seconds\": %.6f, \"said\": %u, \"deliveries\": %llu}\n", name,
           (double)(clock_ns() - since) / 1e9, said, (unsigned long long)deliveries);
}

static bool stalled(void)
{
    return in_flight && clock_ns() - last_delivery > ns(options.patience);
}

static void load_until(uint64_t end, uint64_t start, uint32_t first)
{
    for (;;) {
        uint64_t time = clock_ns(), next = end;
        if (time >= end || stalled())
            return;
        if (options.rate > 0)
            next = speak_open(start, first);
        else
            speak_closed();
        if (next > end)
            next = end;
        time = clock_ns();
        turn(behind || next <= time ? 0 : next - time < 100000000 ? next - time : 100000000);
        if (behind)
            read_woken();
    }
}

static void drain(void)
{
    uint64_t end = clock_ns() + ns(options.drain);
    while ((in_flight || behind) && clock_ns() < end && !stalled()) {
        turn(behind ? 0 : 100000000);
        if (behind)
            read_woken();
    }
    settle(); /* the sleepers' last, and what should not come any more */
}

static void wake(uint64_t since)
{
    event("waking", since);
    section = WAKING;
    behind = options.stopped;
    move_sleepers(-1, asleep);
}

/* The measured part, in three sections when there are sleepers. */
static void measure(uint64_t start, uint32_t first)
{
    uint64_t begun = clock_ns(), end = begun + ns(options.seconds);
    measuring = true;
    if (!options.stopped) {
        load_until(end, start, first);
        return;
    }
    move_sleepers(live, -1);
    load_until(begun + ns(options.stopped_for), start, first);
    wake(begun);
    while (behind && clock_ns() < end && !stalled())
        load_until(clock_ns() + 10000000, start, first);
    event("level", begun);
    section = AFTER;
    load_until(end, start, first);
}

static void print_latency(const char *name, const struct latency *latency)
{
    printf("\"%s\": {\"count\": %llu, \"p50\": %.2f, \"p99\": %.2f, \"p999\": %.2f, \"max\": %.2f}, ",
           name, (unsigned long long)latency->count, latency_us(latency, 0.5),
           latency_us(latency, 0.99), latency_us(latency, 0.999), (double)latency->largest / 1e3);
}

static void print_result(void)
{
    struct verdict verdict = audit_end(said);
    struct verdict sleepers = {.one_order = true};
    for (int i = 0; i < options.members; i++) {
        audit_judge(&connections[i].listener, said, connections[i].sleeper ? &sleepers : &verdict);
    }
    verdict.duplicates += sleepers.duplicates;
    verdict.disordered += sleepers.disordered;
    verdict.one_order = verdict.one_order && sleepers.one_order;
    printf("{\"event\": \"result\", ");
    print_latency("latency", &latencies[STOPPED]);
    print_latency("waking", &latencies[WAKING]);
    print_latency("after", &latencies[AFTER]);
    printf("\"said\": %u, \"deliveries\": %llu, \"late_deliveries\": %llu, \"lost_connections\": %d, "
           "\"sleepers_missing\": %llu, \"missing\": %llu, \"duplicates\": %llu, \"disordered\": %llu, "
           "\"garbled\": %llu, \"misnamed\": %llu, \"notices\": %llu, \"acks\": %llu, "
           "\"one_order\": %s}\n",
           said, (unsigned long long)deliveries, (unsigned long long)late_deliveries, lost,
           (unsigned long long)sleepers.missing, (unsigned long long)verdict.missing, (unsigned long long)verdict.duplicates,
           (unsigned long long)verdict.disordered, (unsigned long long)verdict.garbled,
           (unsigned long long)verdict.misnamed, (unsigned long long)verdict.notices,
           (unsigned long long)verdict.acks, verdict.one_order ? "true" : "false");
}

static void run(void)
{
    uint64_t start = clock_ns(), begun;
    last_delivery = start;
    load_until(start + ns(options.warm), start, 0);
    double cpu = cpu_seconds();
    event("measuring", start);
    begun = clock_ns();
    measure(start, 0);
    printf("{\"event\": \"measured\", \"seconds\": %.6f, \"cpu\": %.6f, \"said\": %u, "
           "\"deliveries\": %llu, \"late_deliveries\": %llu}\n",
           (double)(clock_ns() - begun) / 1e9, cpu_seconds() - cpu, said,
           (unsigned long long)deliveries, (unsigned long long)late_deliveries);
    measuring = false;
    drain();
}

static void prepare(void)
{
    total = options.members + (options.separate ? options.speakers : 0);
    connections = calloc((size_t)total, sizeof *connections);
    dirty = calloc((size_t)total, sizeof *dirty);
    listeners = options.members;
    for (int i = 0; i < total; i++) {
        connections[i].number = i;
        connections[i].script = i < options.members ? &options.member : &options.speaker;
        audit_listen(&connections[i].listener, -1);
    }
    for (int turn = 0; turn < options.speakers && !options.separate && !options.join_only; turn++)
        audit_listen(&speaker(turn)->listener, turn);
    /* One message at a time is acknowledged by reading it, but for those who also speak. */
    for (int i = 0; i < options.members; i++)
        connections[i].prompt = options.window != 1 || connections[i].listener.speaker >= 0;
    choose_sleepers();
}

/* Resets instead of waiting in TIME_WAIT, which would use up the ports of this machine. */
static void close_all(void)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    for (int i = 0; i < total; i++)
        if (connections[i].state != LOST)
            setsockopt(connections[i].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    prctl(PR_SET_TIMERSLACK, 1000ul);
    options = options_from(argc, argv);
    audit_begin(&options);
    prepare();
    live = epoll_create1(EPOLL_CLOEXEC);
    asleep = epoll_create1(EPOLL_CLOEXEC);
    join_all();
    settle();
    event("joined", clock_ns());
    await_word();
    if (!options.join_only) {
        for (int i = 0; i < options.members; i++)
            connections[i].state = LISTENING;
        run();
        print_result();
        await_word();
    }
    close_all();
    return 0;
}
