/* A connection to the server under test: a member of the room, or one that only speaks. */
#ifndef CONNECTION_H
#define CONNECTION_H
#include "audit.h"
#include "options.h"
#include <stdbool.h>
#include <stddef.h>

enum state { CONNECTING, GREETING, READY, LISTENING, LOST };

struct connection {
    int fd, number;
    enum state state;
    const struct script *script;
    int step;                       /* of the script */
    bool sleeper;                   /* one that stops reading for a while */
    bool prompt;                    /* acknowledges each receive at once */
    bool dirty;                     /* has something to send in this turn */
    bool blocked;                   /* the kernel took less than there was to send */
    uint32_t ids;                   /* last id said (for wires that number what is said) */
    char *rest;                     /* received, and a part of a delivery only */
    size_t rest_size, rest_room;
    char *out;                      /* to be sent */
    size_t out_size, out_sent, out_room;
    struct listener listener;
};

/* Begins to connect; the connection's events go to `poll`. */
void connection_open(struct connection *c, int poll, const struct options *options);

void connection_put(struct connection *c, const char *data, size_t size);

/* Sends what waits; what the kernel does not take is sent when `poll` says it can be. */
void connection_flush(struct connection *c, int poll);

/* Goes on with the greeting; true when that was its end. */
bool connection_greet(struct connection *c, int poll, const struct options *options);

/* Receives once, behind the rest of last time. Returns all there is now, with its size; an empty
 * one when nothing came. Valid until the next call for any connection. */
const char *connection_receive(struct connection *c, size_t *size);

/* Keeps what was not taken, for the next time. */
void connection_keep(struct connection *c, const char *data, size_t size);

void watch(int poll, int how, struct connection *c, unsigned events);

#endif
